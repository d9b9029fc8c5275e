/** Stamped in by the build; a run from source has none. */
declare const HOLDFAST_VERSION: string | undefined;
declare const HOLDFAST_COMMIT: string | undefined;

export const version = typeof HOLDFAST_VERSION === "string" ? HOLDFAST_VERSION : "0.0.0-source";

/** 40 hex digits; `source` for a run from source. */
export const commit = typeof HOLDFAST_COMMIT === "string" ? HOLDFAST_COMMIT : "source";
