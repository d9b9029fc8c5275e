import { holdsUnopenedKey } from "../../model/secrets.ts";
import type { DesiredContext } from "../desired.ts";
import { refusedServiceKeys } from "../keys.ts";
import { didYouMean } from "../suggest.ts";
import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { checkIgnored } from "./check-ignored.ts";
import { checkLogging } from "./check-logging.ts";
import { checkMounts } from "./check-mounts.ts";
import { checkNames } from "./check-names.ts";
import { checkNamespaces } from "./check-namespaces.ts";
import { checkNetworks } from "./check-networks.ts";
import { checkPorts, checkPublishedPorts } from "./check-ports.ts";
import { checkResources } from "./check-resources.ts";
import { checkValues } from "./check-values.ts";
import { checkVolumes } from "./check-volumes.ts";
import { parseRestartPolicy } from "../desired/restart-policy.ts";
import { parseExpose } from "../forms/ports.ts";
import { fieldsOf, textOf, textsOf } from "../desired/fields.ts";

/**
 * What Compose accepts and a host cannot run, or runs otherwise than an operator expects: found here, before anything is
 * changed, rather than by the Engine in the middle of an apply.
 */
export function checkRunnable(context: DesiredContext): void {
  for (const [key, service] of Object.entries(context.project.model.services)) {
    const at: ServiceAt = { context, service, key, path: `services.${key}` };
    checkKeys(at);
    checkIgnored(service, at.path, context.issues);
    checkImage(at);
    checkValues(at);
    checkLogging(at);
    checkRestart(at);
    checkExpose(at);
    checkPorts(at);
    checkMounts(at);
    checkNamespaces(at);
    checkResources(at);
    checkHealth(at);
  }
  checkNames(context);
  checkPublishedPorts(context);
  checkNetworks(context);
  checkVolumes(context);
}

function checkKeys({ context, service, path }: ServiceAt): void {
  for (const [key, reason] of Object.entries(refusedServiceKeys)) {
    if (service[key] === undefined) continue;
    context.issues.error("KEY_REFUSED", `${path}.${key}`, {
      message: `${path}.${key}: ${reason}`,
      hint: `take \`${key}\` away`,
    });
  }
}

function checkImage({ context, service, key, path }: ServiceAt): void {
  if (service["image"] !== undefined || service["provider"] !== undefined) return;
  context.issues.error("SERVICE_BUILD_ONLY", `${path}.build`, {
    message: `The service "${key}" has \`build\` and no \`image\`: holdfast does not build`,
    hint: "build the image elsewhere, push it, and name it with `image`",
  });
}

function checkRestart({ context, service, path }: ServiceAt): void {
  if (parseRestartPolicy(service)) return;
  const deployed = fieldsOf(service["deploy"])["restart_policy"];
  const at = deployed === undefined ? `${path}.restart` : `${path}.deploy.restart_policy.condition`;
  const found = textOf(deployed === undefined ? service["restart"] : fieldsOf(deployed)["condition"]) ?? "";
  if (holdsUnopenedKey(found)) return;
  const known = deployed === undefined ? ["always", "no", "on-failure", "unless-stopped"] : deployedPolicies;
  const meant = context.project.secretPaths.has(at) || known.includes(found) ? undefined : didYouMean(found, known);
  context.issues.error("RESTART_POLICY", at, {
    message: `${at} is ${context.issues.show(at, found)}, which the Engine does not know`,
    hint: meant ??
      (deployed === undefined
        ? "write no, always, unless-stopped, on-failure or on-failure:3"
        : "write none, on-failure or any"),
  });
}

const deployedPolicies = ["any", "none", "on-failure", "unless-stopped"];

function checkExpose({ context, service, path }: ServiceAt): void {
  textsOf(service["expose"]).forEach((found, index) => {
    if (found === "" || parseExpose(found)) return; // of nothing, Compose and the Engine make nothing
    const hint = "write a port such as 80 or 80/udp";
    refuseValue(context, { path: `${path}.expose[${index}]`, found, problem: "no port", hint });
  });
}

function checkHealth({ context, service, path }: ServiceAt): void {
  const check = fieldsOf(service["healthcheck"]);
  const test = textsOf(check["test"]);
  if (test[0] === "CMD-SHELL" && test[1] === "NONE") {
    context.issues.warning("COMPOSE_VALUE", `${path}.healthcheck.test`, {
      message: `${path}.healthcheck.test is the text "NONE", which is run as a command`,
      hint: 'write `test: ["NONE"]` or `disable: true`',
    });
  }
  if (check["start_interval"] !== undefined && check["start_period"] === undefined) {
    context.issues.error("COMPOSE_REQUIRED_KEY", `${path}.healthcheck.start_interval`, {
      message: `${path}.healthcheck has \`start_interval\` without \`start_period\``,
      hint: "add `start_period`",
    });
  }
  for (const [name, value] of Object.entries(fieldsOf(service["depends_on"]))) {
    const other = context.project.model.services[name];
    if (!other || textOf(fieldsOf(value)["condition"]) !== "service_healthy") continue;
    const otherCheck = fieldsOf(other["healthcheck"]);
    if (
      other["healthcheck"] !== undefined && otherCheck["disable"] !== true && textsOf(otherCheck["test"])[0] !== "NONE"
    ) continue;
    const off = other["healthcheck"] !== undefined;
    context.issues[off ? "error" : "warning"]("COMPOSE_CONFLICT", `${path}.depends_on.${name}`, {
      message: `${path} waits until "${name}" is healthy, and "${name}" has ${
        off ? "its health check switched off" : "no health check in these files"
      }`,
      hint: off
        ? "wait for service_started, or switch the check on"
        : "add a `healthcheck`, unless its image brings one",
    });
  }
}
