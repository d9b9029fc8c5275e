import { type LongFormAt, refuse } from "./_long-form.ts";
import { cleanPath } from "../files/clean-path.ts";
import { budgets } from "../limits.ts";
import { boolFrom, intFrom, isText, mapFrom, type Node, quote, textFrom, withEntries } from "../tree/node.ts";
import { joinIndex } from "../tree/model-path.ts";
import { countPorts, expandPorts, parsePort, portSlip } from "./ports.ts";
import { scalarText } from "../tree/scalar-text.ts";
import { parseVolume } from "./volumes.ts";

/** `SOURCE:TARGET:OPTIONS`. */
export function longVolume(node: Node, at: LongFormAt): Node {
  if (!isText(node)) return node;
  const parsed = parseVolume(node.value);
  if (parsed.kind === "invalid") {
    return refuse(node, at, `cannot be read: ${parsed.reason}`, "write SOURCE:TARGET or SOURCE:TARGET:ro");
  }
  for (const option of parsed.ignored) {
    at.collector.warning(
      "COMPOSE_VALUE",
      `${at.path} has the option ${node.secret ? "(a secret)" : quote(option)}, which Compose ignores`,
      {
        place: node.place,
        path: at.path,
        hint: "write ro, rw, z, Z, nocopy or a propagation such as rslave",
      },
    );
  }
  const { type, source, target, readOnly, propagation, selinux, noCopy } = parsed;
  const text = (value: string): Node | undefined => value === "" ? undefined : textFrom(node, value);
  const bindOptions = withEntries(mapFrom(node, []), {
    selinux: text(selinux),
    propagation: text(propagation),
    create_host_path: type === "bind" ? boolFrom(node, true) : undefined,
  });
  const hasBind = type === "bind" || propagation !== "" || selinux !== "";
  const volumeOptions = withEntries(mapFrom(node, []), { nocopy: noCopy ? boolFrom(node, true) : undefined });
  return withEntries(mapFrom(node, []), {
    type: textFrom(node, type),
    source: text(source),
    target: textFrom(node, cleanPath(target)),
    read_only: readOnly ? boolFrom(node, true) : undefined,
    bind: hasBind ? bindOptions : undefined,
    volume: parsed.options && (type === "volume" || noCopy) ? volumeOptions : undefined,
  });
}

/** `SOURCE:TARGET:PERMISSIONS`. */
export function longDevice(node: Node, at: LongFormAt): Node {
  if (!isText(node)) return node;
  const parts = node.value.split(":");
  if (parts.length > 3) {
    return refuse(node, at, "has more than three parts", "use the long form: source, target, permissions");
  }
  const [source = "", target = "", permissions] = parts;
  return mapFrom(node, [
    ["source", textFrom(node, source)],
    ["target", textFrom(node, target || source)],
    ["permissions", textFrom(node, permissions ?? "rwm")],
  ]);
}

/** `IP:PUBLISHED:TARGET/PROTOCOL`; a range becomes several ports. */
export function longPorts(node: Node, at: LongFormAt): Node {
  if (node.kind !== "list") return node;
  const items = node.items.flatMap((item, index): readonly Node[] => {
    if (item.kind !== "scalar") return [item];
    const written = scalarText(item) ?? "";
    const parsed = parsePort(written);
    if (parsed.kind === "invalid") {
      return [
        refuse(
          item,
          { ...at, path: joinIndex(at.path, index) },
          `cannot be read: ${parsed.reason}`,
          (item.secret ? undefined : parsed.hint ?? portSlip(written)) ??
            "write PUBLISHED:TARGET, IP:PUBLISHED:TARGET or TARGET, with /udp behind it where it is not TCP",
        ),
      ];
    }
    if (!at.budget.take("ports", countPorts(parsed))) {
      const here = { ...at, path: joinIndex(at.path, index) };
      return [refuse(item, here, `makes more than ${budgets.ports} ports of the project`, "publish fewer ports")];
    }
    return expandPorts(parsed).map((port) => {
      const text = (value: string): Node | undefined => value === "" ? undefined : textFrom(item, value);
      return withEntries(mapFrom(item, []), {
        mode: textFrom(item, "ingress"),
        host_ip: text(port.hostIp),
        target: intFrom(item, port.target),
        published: text(port.published),
        protocol: textFrom(item, port.protocol),
      });
    });
  });
  return { ...node, items };
}
