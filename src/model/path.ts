/** The path of a value, as issues and `positionOf` take it: `services.web.ports[0]`. */
export function formatPath(parts: readonly PropertyKey[]): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}
