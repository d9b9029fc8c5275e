/** `services.web` + `ports` → `services.web.ports`. */
export function joinPath(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** `services.web.ports` + 0 → `services.web.ports[0]`. */
export function joinIndex(path: string, index: number): string {
  return `${path}[${index}]`;
}
