import { joinPath } from "../tree/model-path.ts";
import type { Collector } from "../tree/collector.ts";
import { isText, keyPlaceOf, type Node } from "../tree/node.ts";
import { projectSchema } from "./schema-project.ts";
import { serviceSchema } from "./schema-service.ts";
import type { MapSchema, Schema } from "./schema.ts";
import type { HeadlessKeys } from "./stranded-keys.ts";
import { didYouMean } from "../suggest.ts";

/** Where a key stands, with itself: `services.web.prots`. */
interface At {
  readonly path: string;
  readonly collector: Collector;
}

/** An unknown key, and the keys that have to be there and are not. */
export interface UnknownKey {
  readonly key: string;
  readonly missing: readonly string[];
}

/** A key that Compose does not know. */
export function refuseKey(value: Node, { key, missing }: UnknownKey, schema: MapSchema, at: At): void {
  const place = keyPlaceOf(value);
  if (schema.othersPattern && key === "") {
    at.collector.error("COMPOSE_VALUE", `${at.path.slice(0, -1)} has an empty name`, {
      place,
      path: at.path,
      hint: "give it a name, or take it away",
    });
    return;
  }
  if (schema.othersPattern) {
    at.collector.error(
      "COMPOSE_VALUE",
      `"${key}" is no name for ${at.path.split(".")[0]}: it takes letters, digits, ., _ and -`,
      {
        place,
        path: at.path,
        hint: key.includes("$") ? "write the name itself: there are no variables in keys" : "rename it",
      },
    );
    return;
  }
  at.collector.error(
    "COMPOSE_UNKNOWN_KEY",
    `Compose knows no key "${key}" ${at.path.includes(".") ? `in ${parentOf(at.path, key)}` : "here"}`,
    {
      place,
      // what refers to a service or resource that stands in another one is no issue of its own
      path: pathBesideParent(value, key, schema, at.path) ?? at.path,
      hint: unknownKeyHint({ key, missing, value }, schema, at),
    },
  );
}

/** A key that Compose takes and does nothing with. */
export function ignoreKey(value: Node, key: string, schema: MapSchema, at: At): void {
  at.collector.warning("COMPOSE_UNKNOWN_KEY", `Compose ignores the key "${key}" in ${parentOf(at.path, key)}`, {
    place: keyPlaceOf(value),
    path: at.path,
    hint: unknownKeyHint({ key, missing: [], value }, schema, at),
  });
}

/** Keys of a section that stand beside it, or that no line of it stands above. */
export function refuseHeadless(value: Node, { section, isThere, keys }: HeadlessKeys, at: At): void {
  const named = keys.map((key) => `"${key}"`).join(", ");
  at.collector.error("COMPOSE_UNKNOWN_KEY", `Compose knows no keys ${named} in ${parentOf(at.path, keys[0]!)}`, {
    place: keyPlaceOf(value),
    path: at.path,
    hint: isThere
      ? `they stand below \`${section}\`: indent them as what is below it`
      : `they stand below \`${section}\`: write \`${section}:\` above them, and indent them further than it`,
  });
}

/** Whether what stands among the services is a section of the file, such as `volumes`: nothing in it is a service's. */
export function isSection(key: string, value: Node): boolean {
  if (key === "services" || !Object.hasOwn(projectSchema.keys, key)) return false;
  if (value.kind !== "map") return value.kind === "list";
  return value.entries.size > 0 && [...value.entries.keys()].every((name) => !Object.hasOwn(serviceSchema.keys, name));
}

/** Whether what stands among the services is a key of a service, such as `environment`: nothing in it is a service's. */
export function isKeyOfService(key: string, value: Node): boolean {
  const own = Object.keys(serviceSchema.keys);
  if (!own.includes(key) || value.kind !== "map" || value.entries.size === 0) return false;
  const isOther = (name: string) => /^[A-Z\d_]+$/.test(name) || didYouMean(name, own) === undefined;
  return [...value.entries.keys()].every((name) => !own.includes(name) && isOther(name));
}

/** A mapping of a service that is indented as the service is. */
export function refuseKeyOfService(value: Node, key: string, { path, collector }: At): undefined {
  collector.error("COMPOSE_UNKNOWN_KEY", `"${key}" stands among the services, and is a key of a service`, {
    place: keyPlaceOf(value),
    path,
    hint: `indent \`${key}:\` like the keys of the service above, and what is below it as much further`,
  });
}

/** A section that is indented as a service is. Its issue is one of the section: what it defines is not known. */
export function refuseSection(value: Node, key: string, { collector }: At): undefined {
  collector.error("COMPOSE_UNKNOWN_KEY", `"${key}" stands among the services, and is a section of the file`, {
    place: keyPlaceOf(value),
    path: key,
    hint: `indent \`${key}:\` as far as \`services:\`, and what is below it as much less`,
  });
}

/** Whether the value of an unknown key of a service is a service itself. */
function isService(value: Node, schema: MapSchema): boolean {
  return schema === serviceSchema && value.kind === "map" && (value.entries.has("image") || value.entries.has("build"));
}

/** Where a service or resource that stands inside another one belongs; undefined for what is none. */
function pathBesideParent(value: Node, key: string, schema: MapSchema, path: string): string | undefined {
  if (isService(value, schema)) return joinPath("services", key);
  const [, kind] = /^(networks|volumes|configs|secrets)\.[^.]+\.[^.]+$/.exec(path) ?? [];
  const isResource = value.kind === "map" || value.kind === "scalar" && value.type === "null";
  return kind && isResource && didYouMean(key, Object.keys(schema.keys)) === undefined
    ? joinPath(kind, key)
    : undefined;
}

/** The hint for `nginx: image`. */
function swapped(key: string, value: Node, schema: MapSchema): string | undefined {
  const isSwapped = isText(value) && !value.secret && Object.hasOwn(schema.keys, value.value);
  return isSwapped ? `did you mean "${value.value}: ${key}"?` : undefined;
}

function parentOf(path: string, key: string): string {
  return path.slice(0, -key.length - 1);
}

/** Keys of a service in files of version 1 and 2 that Compose does not read any more, and what says the same. */
const retired: Readonly<Record<string, string>> = {
  log_driver: "write it as `driver` below `logging`",
  log_opt: "write it as `options` below `logging`",
  volume_driver: "write it as `driver` of each volume, below `volumes` at the top of the file",
};

/** Characters that nobody sees in a name, or takes for a space. */
const unseen = /[\u00a0\u00ad\u2000-\u200f\u202f\u2060\u3000\ufeff]/u;

function unknownKeyHint(
  { key, missing, value }: UnknownKey & { readonly value: Node },
  schema: MapSchema,
  at: At,
): string {
  const [character] = unseen.exec(key) ?? [];
  if (character) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `take U+${code} out of the name: it cannot be seen, or looks like a space`;
  }
  if (isService(value, schema)) {
    return "indent it as far as the services, and what is below it as much less";
  }
  if (schema === serviceSchema && Object.hasOwn(retired, key)) return retired[key]!;
  const meant = didYouMean(key, Object.keys(schema.keys)) ?? swapped(key, value, schema);
  if (meant !== undefined) return meant;
  if (missing.length > 0) {
    return `did you mean "${missing.join('" and "')}", which ${missing.length > 1 ? "are" : "is"} missing?`;
  }
  if (schema === projectSchema) {
    return Object.hasOwn(serviceSchema.keys, key)
      ? `"${key}" belongs to a service: indent it below one`
      : 'services stand below "services:"; a key of your own begins with x-';
  }
  if (schema === serviceSchema && Object.hasOwn(projectSchema.keys, key)) {
    return `"${key}" stands at the top of the file`;
  }
  if (schema === serviceSchema && /^[A-Z][A-Z\d_]+$/.test(key) && value.kind === "scalar") {
    return `if "${key}" is a variable, write it below \`environment:\`, indented further`;
  }
  if (pathBesideParent(value, key, schema, at.path) !== undefined) {
    const [kind = ""] = at.path.split(".");
    return `if it is one of the ${kind} itself, indent it as far as the one above`;
  }
  const sections = sectionsOf(key, schema);
  if (sections.length > 0) return `"${key}" stands below ${sections.map((name) => `\`${name}\``).join(" or ")}`;
  if (at.path.startsWith("services.") && Object.hasOwn(serviceSchema.keys, key)) {
    return `"${key}" is a key of the service: indent it less`;
  }
  return key.startsWith("x-")
    ? "take it away: a key of your own can stand in the mapping above"
    : "take it away, or begin it with x- if it is meant for another tool";
}

/** The sections below a mapping that have a key of this name: `deploy`, `deploy.resources`. */
function sectionsOf(key: string, from: MapSchema): readonly string[] {
  const found: string[] = [];
  const walk = (schema: Schema, path: string): void => {
    if (schema.kind === "either") return schema.of.forEach((option) => walk(option, path));
    if (schema.kind === "list") return walk(schema.of, path);
    if (schema.kind !== "map") return;
    if (path !== "" && Object.hasOwn(schema.keys, key)) found.push(path);
    for (const [name, nested] of Object.entries(schema.keys)) walk(nested, joinPath(path, name));
  };
  walk(from, "");
  return [...new Set(found)].slice(0, 2);
}
