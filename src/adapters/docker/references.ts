/** The registry that a reference names; `docker.io` when it names none. */
export function registryOf(reference: string): string {
  const first = reference.split("/")[0]!;
  const named = reference.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return named ? first.replace(/^index\.docker\.io$/, "docker.io") : "docker.io";
}

/** A reference as the Engine lists it: without the default registry, with the default tag. */
export function localReference(reference: string): string {
  const short = reference.replace(/^(index\.)?docker\.io\//, "").replace(/^library\/(?=[^/]+$)/, "");
  const [name = "", digest] = short.split("@");
  const tagged = name.lastIndexOf(":") > name.lastIndexOf("/");
  if (digest !== undefined) return `${tagged ? name.slice(0, name.lastIndexOf(":")) : name}@${digest}`;
  return tagged || isImageId(short) ? short : `${short}:latest`;
}

function isImageId(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}
