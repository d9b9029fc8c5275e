import { type ConsistencyContext, report, type ServiceAt, writtenService } from "./_consistency.ts";
import { entriesOf, entry, holdsBroken, isText, itemsOf, type Node, quote } from "../tree/node.ts";
import { joinIndex } from "../tree/patterns.ts";
import { profilesOf } from "./profiles.ts";
import { suggest } from "../schema/suggest.ts";

/** Everything that a service names has to be defined. */
export function checkReferences(at: ServiceAt): void {
  for (const [name, node] of entriesOf(entry(at.service, "networks"))) {
    reference(at, "networks", name, { node, path: `${at.path}.networks.${name}` });
  }
  checkDependencies(at);
  checkMountedResources(at);
}

function checkDependencies(at: ServiceAt): void {
  const { service, path, services } = at;
  for (const [name, node] of entriesOf(entry(service, "depends_on"))) {
    if (services.enabled.has(name) || (!services.disabled.has(name) && isWritten(at, "services", name))) continue;
    const disabled = services.disabled.get(name);
    const required = entry(node, "required");
    if (disabled && required?.kind === "scalar" && required.value === false) continue;
    if (disabled && isUncertain(at, name)) continue;
    const others = [...services.enabled.keys(), ...services.disabled.keys()].filter((key) => key !== at.key);
    const near = suggest(name, others);
    const message = `The service "${at.key}" depends on ${quote(name)}, which is ${
      disabled ? "switched off" : "not defined"
    }`;
    const hint = disabled
      ? `turn on one of its profiles (${profilesOf(disabled).join(", ")}), or add \`required: false\``
      : near
      ? `did you mean "${near}"?`
      : "define the service, or take the dependency away";
    report(at, disabled ? "REFERENCE_DISABLED" : "REFERENCE_MISSING", node, {
      path: `${path}.depends_on.${name}`,
      message,
      hint,
    });
  }
}

/** Whether the profiles of a disabled service, or what is required of it, cannot be read. */
function isUncertain(at: ServiceAt, name: string): boolean {
  const other = writtenService(at, name);
  const dependency = entry(entry(writtenService(at, at.key), "depends_on"), name);
  return [entry(other, "profiles"), entry(other, "extends"), dependency].some(holdsBroken);
}

function checkMountedResources(at: ServiceAt): void {
  const { service, path } = at;
  itemsOf(entry(service, "volumes")).forEach((volume, index) => {
    const source = entry(volume, "source");
    const type = entry(volume, "type");
    if (isText(type) && type.value === "volume" && isText(source)) {
      reference(at, "volumes", source.value, { node: source, path: joinIndex(`${path}.volumes`, index) });
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
      reference(at, kind, name, { node: source ?? mount, path: joinIndex(where, index) });
    });
  }
  for (const [name, node] of entriesOf(entry(service, "models"))) {
    reference(at, "models", name, { node, path: `${path}.models.${name}` });
  }
}

/** A resource that a service names must be defined at the top. */
function reference(
  at: ServiceAt,
  kind: "networks" | "volumes" | "configs" | "secrets" | "models",
  name: string,
  from: { readonly node: Node; readonly path: string },
): void {
  const defined = entry(at.root, kind);
  if (entry(defined, name) || isWritten(at, kind, name)) return;
  const near = suggest(name, entriesOf(defined).map(([key]) => key));
  report(at, "REFERENCE_MISSING", from.node, {
    path: from.path,
    message: `The service "${at.key}" uses the ${kind.slice(0, -1)} ${
      from.node.secret ? "(a secret)" : quote(name)
    }, which is not defined`,
    hint: near ? `did you mean "${near}"?` : `define it below \`${kind}:\` at the top of a file`,
  });
}

/** Whether a resource is defined, be it with an issue; one whose section is broken or misspelled may be. */
function isWritten(context: ConsistencyContext, kind: string, name: string): boolean {
  return entry(entry(context.written, kind), name) !== undefined || context.collector.hasUnknownSection();
}
