import { publishesPorts } from "../../model/engine-defaults.ts";
import { compareText } from "../../model/issue.ts";
import { addressesMeet } from "../../model/ports.ts";
import { comparePositions, type Position } from "../../model/position.ts";
import type { DesiredContext } from "../desired.ts";
import { parsePortRange, protocols } from "../forms/ports.ts";
import { didYouMean } from "../suggest.ts";
import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { replicasOf } from "../desired/replicas.ts";
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../desired/fields.ts";

const modes = ["ingress", "host"];

/** Holds the published ports of a service against what the Engine can publish. */
export function checkPorts(at: ServiceAt): void {
  listOf(at.service["ports"]).map(fieldsOf).forEach((port, index) =>
    checkPort(port, `${at.path}.ports[${index}]`, at.context)
  );
  checkCount(at);
}

function checkPort(port: Fields, path: string, context: DesiredContext): void {
  const target = numberOf(port["target"]) ?? 0;
  if (target > 65_535) {
    const hint = "write the port that the program listens on";
    refuseValue(context, { path: `${path}.target`, found: String(target), problem: "no port from 1 to 65535", hint });
  }
  const published = textOf(port["published"]);
  if (published !== undefined && !parsePortRange(published)) {
    const problem = "no port from 0 to 65535, nor a range of them";
    refuseValue(context, { path: `${path}.published`, found: published, problem, hint: 'write "8080" or "8000-8010"' });
  }
  const protocol = textOf(port["protocol"]);
  if (protocol !== undefined && !protocols.includes(protocol.toLowerCase())) {
    const hint = "write tcp, udp or sctp";
    refuseValue(context, { path: `${path}.protocol`, found: protocol, problem: "no protocol", hint, known: protocols });
  }
  const mode = textOf(port["mode"]);
  if (mode === undefined || modes.includes(mode)) return;
  context.issues.warning("COMPOSE_VALUE", `${path}.mode`, {
    message: `${path}.mode is ${context.issues.show(`${path}.mode`, mode)}, which has no effect`,
    hint: didYouMean(mode, modes) ?? "write host or ingress, or take it away",
  });
}

/** Several containers cannot share one port of the host. */
function checkCount({ context, service, key, path }: ServiceAt): void {
  const count = replicasOf(service);
  if (count <= 1 || !publishesPorts(textOf(service["network_mode"]))) return;
  listOf(service["ports"]).map(fieldsOf).forEach((port, index) => {
    const range = parsePortRange(textOf(port["published"]) ?? "");
    if (!range || range.start === 0 || range.end - range.start + 1 >= count) return;
    context.issues.error("PORT_CONFLICT", `${path}.ports[${index}]`, {
      message: `The ${count} containers of "${key}" would all publish port ${
        context.issues.show(`${path}.ports[${index}].published`, textOf(port["published"]) ?? "")
      }`,
      hint: "publish a range of ports, or none and put a proxy in front",
    });
  });
}

interface Publication {
  readonly key: string;
  readonly path: string;
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** Two services on one port of the host: the second would not start. */
export function checkPublishedPorts(context: DesiredContext): void {
  const taken = new Map<string, Publication[]>();
  for (const publication of publications(context)) {
    const name = `${publication.port}/${publication.protocol}`;
    const same = taken.get(name) ?? [];
    const first = same.find((other) => addressesMeet(other.address, publication.address));
    if (first) {
      const { issues, project: { positionOf } } = context;
      const { key, path } = publication;
      issues.error("PORT_CONFLICT", path, {
        message: `"${key}" publishes port ${name}, which "${first.key}" has already${issues.whereIs(first.path)}`,
        hint: first.key !== key && isSamePlace(positionOf(first.path), positionOf(path))
          ? "both take it from this line: give one of them ports of its own, with `ports: !override`"
          : "give one of them another port of the host",
      });
    }
    same.push(publication);
    taken.set(name, same);
  }
}

function* publications({ project }: DesiredContext): Generator<Publication> {
  for (const key of Object.keys(project.model.services).sort(compareText)) {
    const service = project.model.services[key]!;
    if (!publishesPorts(textOf(service["network_mode"]))) continue;
    const ports = listOf(service["ports"]).map(fieldsOf);
    for (const [index, port] of ports.entries()) {
      const range = parsePortRange(textOf(port["published"]) ?? "");
      // of a range the Engine takes one that is free
      if (!range || range.start !== range.end || range.start === 0) continue;
      yield {
        key,
        path: `services.${key}.ports[${index}]`,
        address: textOf(port["host_ip"]) ?? "",
        protocol: textOf(port["protocol"]) ?? "tcp",
        port: range.start,
      };
    }
  }
}

function isSamePlace(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && comparePositions(a, b) === 0;
}
