import type { Issue } from "../model/issue.ts";
import { formatPosition } from "../model/position.ts";

/**
 * What all issues of one mistake have in common: an alias and `extends` bring one line to several services, whose names
 * and paths their messages differ in.
 */
export function causeOf({ code, message, position, path }: Issue): string {
  if (!position || path === undefined) return `${code} ${position ? placeOf(position) : path} ${message}`;
  // `services.web` and its key
  const service = /^services\.([^.[]+)/.exec(path);
  const names = [path, parentOf(path), ...(service ? [service[0], `"${service[1]}"`] : [])];
  return `${code} ${placeOf(position)} ${names.reduce((text, name) => text.replaceAll(name, ""), message)}`;
}

/** `compose.yaml:3:5` */
export function placeOf(position: NonNullable<Issue["position"]>): string {
  return `${formatPosition(position)}:${position.column}`;
}

/** `services.web` of `services.web.ports`; a path at the top is its own. */
function parentOf(path: string): string {
  return path.slice(0, path.includes(".") ? path.lastIndexOf(".") : undefined);
}
