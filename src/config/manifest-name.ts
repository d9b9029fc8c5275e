/** The manifest's file name. */
export const manifestName = "holdfast.yaml";
