import { type ConsistencyContext, report, type ServiceAt, writtenService } from "./_consistency.ts";
import { comparePositions, type Position } from "../../model/position.ts";
import { placeOf } from "../cause.ts";
import { entriesOf, entry, holdsBroken, isText, itemsOf, keyPlaceOf, type Node, quote, whereIs } from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { profilesOf } from "./profiles.ts";
import { didYouMean } from "../suggest.ts";
import { positionAt } from "../tree/source.ts";

/** Everything that services name has to be defined; what is not is one issue, however many name it. */
export function checkReferences(services: readonly ServiceAt[]): void {
  const missing: MissingReference[] = [];
  for (const at of services) {
    for (const [name, node] of entriesOf(entry(at.service, "networks"))) {
      missing.push(...reference(at, "networks", name, { node, path: `${at.path}.networks.${name}` }));
    }
    missing.push(...missingDependencies(at), ...missingResources(at));
  }
  for (const group of Map.groupBy(missing, ({ what }) => what).values()) reportMissing(group);
}

/** A name that a service uses and nothing defines. */
interface MissingReference {
  readonly at: ServiceAt;
  readonly node: Node;
  readonly path: string;
  /** "uses the network "back"" */
  readonly what: string;
  readonly hint: string;
}

/** Reports the first place; the others are named. */
function reportMissing(references: readonly MissingReference[]): void {
  const byPlace = new Map(references.toReversed().map((one) => [placeOf(positionOf(one.node)), one]));
  const [first, ...others] = [...byPlace.values()].sort((a, b) =>
    comparePositions(positionOf(a.node), positionOf(b.node))
  );
  const shown = others.slice(0, 3).map(({ at, node }) => `"${at.key}" (${whereIs(node)})`);
  const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : "";
  const also = others.length === 0 ? "" : `; so ${others.length === 1 ? "does" : "do"} ${shown.join(", ")}${more}`;
  const { at, node, path, what, hint } = first!;
  const message = `The service "${at.key}" ${what}, which is not defined${also}`;
  report(at, "REFERENCE_MISSING", node, { path, message, hint });
}

function positionOf(node: Node): Position {
  return positionAt(keyPlaceOf(node));
}

function missingDependencies(at: ServiceAt): readonly MissingReference[] {
  const { service, path, services } = at;
  const missing: MissingReference[] = [];
  for (const [name, node] of entriesOf(entry(service, "depends_on"))) {
    if (services.enabled.has(name) || (!services.disabled.has(name) && isWritten(at, "services", name))) continue;
    if (at.collector.hasErrorAt(joinPath("services", name))) continue;
    const disabled = services.disabled.get(name);
    const required = entry(node, "required");
    if (disabled && required?.kind === "scalar" && required.value === false) continue;
    if (disabled && isUncertain(at, name)) continue;
    const where = `${path}.depends_on.${name}`;
    if (disabled) {
      report(at, "REFERENCE_DISABLED", node, {
        path: where,
        message: `The service "${at.key}" depends on ${quote(name)}, which is switched off`,
        hint: `turn on one of its profiles (${profilesOf(disabled).join(", ")}), or add \`required: false\``,
      });
      continue;
    }
    const others = [...services.enabled.keys(), ...services.disabled.keys()].filter((key) => key !== at.key);
    const hint = didYouMean(name, others) ??
      (/[\s,]/.test(name)
        ? "write each service as an item of its own"
        : "define the service, or take the dependency away");
    missing.push({ at, node, path: where, what: `depends on ${quote(name)}`, hint });
  }
  return missing;
}

/** Whether the profiles of a disabled service, or what is required of it, cannot be read. */
function isUncertain(at: ServiceAt, name: string): boolean {
  const other = writtenService(at, name);
  const dependency = entry(entry(writtenService(at, at.key), "depends_on"), name);
  return [entry(other, "profiles"), entry(other, "extends"), dependency].some(holdsBroken);
}

function missingResources(at: ServiceAt): readonly MissingReference[] {
  const { service, path } = at;
  const missing: MissingReference[] = [];
  itemsOf(entry(service, "volumes")).forEach((volume, index) => {
    const source = entry(volume, "source");
    const type = entry(volume, "type");
    if (isText(type) && type.value === "volume" && isText(source)) {
      const where = joinIndex(`${path}.volumes`, index);
      missing.push(...reference(at, "volumes", source.value, { node: source, path: where }));
    }
  });
  const files = [
    ["configs", entry(service, "configs"), `${path}.configs`],
    ["secrets", entry(service, "secrets"), `${path}.secrets`],
    ["secrets", entry(entry(service, "build"), "secrets"), `${path}.build.secrets`],
  ] as const;
  for (const [kind, mounts, where] of files) {
    itemsOf(mounts).forEach((mount, index) => {
      const source = entry(mount, "source");
      // a place in a list may have moved since an issue was found there
      if (!source && (at.collector.hasErrorAt(joinIndex(where, index)) || holdsBroken(writtenService(at, at.key)))) {
        return;
      }
      const name = isText(source) ? source.value : "";
      missing.push(...reference(at, kind, name, { node: source ?? mount, path: joinIndex(where, index) }));
    });
  }
  for (const [name, node] of entriesOf(entry(service, "models"))) {
    missing.push(...reference(at, "models", name, { node, path: `${path}.models.${name}` }));
  }
  return missing;
}

/** A resource that a service names must be defined at the top. */
function reference(
  at: ServiceAt,
  kind: "networks" | "volumes" | "configs" | "secrets" | "models",
  name: string,
  from: { readonly node: Node; readonly path: string },
): readonly MissingReference[] {
  const defined = entry(at.root, kind);
  if (entry(defined, name) || isWritten(at, kind, name) || at.collector.hasErrorAt(joinPath(kind, name))) return [];
  const what = `uses the ${kind.slice(0, -1)} ${from.node.secret ? "(a secret)" : quote(name)}`;
  const hint = didYouMean(name, entriesOf(defined).map(([key]) => key)) ??
    formHint(kind, from.node.secret ? "" : name) ?? `define it below \`${kind}:\` at the top of a file`;
  return [{ at, ...from, what, hint }];
}

/** What to write instead of what cannot be the name of a resource. */
function formHint(kind: string, name: string): string | undefined {
  if (kind === "volumes" && /^[./~]/.test(name)) return "a path of the host is a bind: write `type: bind`";
  if (kind === "volumes" && name.includes("/")) {
    return `for a folder of the host, begin it with ./ or /: "./${name}"; a volume's name has no /`;
  }
  if (kind !== "configs" && kind !== "secrets") return undefined;
  if (name === "") return "add `source`: its name";
  return name.includes(":") ? "write `source:` with the name and `target:` with the path" : undefined;
}

/** Whether a resource is defined, be it with an issue; one whose section is broken or misspelled may be. */
function isWritten(context: ConsistencyContext, kind: string, name: string): boolean {
  return entry(entry(context.written, kind), name) !== undefined || context.collector.hasUnknownSection();
}
