/** An image reference in its parts. */
export interface ImageName {
  /** Host and port of the registry; "" is Docker Hub. */
  readonly registry: string;
  /** `mendersoftware/deployments`, `mongo`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}

/** `registry.example.com:5000/team/app:1.2@sha256:…` in its parts. */
export function parseImageName(image: string): ImageName {
  const [name = "", digest] = image.split("@", 2);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const [first = "", ...rest] = path.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return {
    registry: hasRegistry ? first : "",
    repository: hasRegistry ? rest.join("/") : path,
    ...(tag ? { tag } : {}),
    ...(digest ? { digest } : {}),
  };
}
