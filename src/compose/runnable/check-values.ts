import { isIpAddress } from "../../model/addresses.ts";
import { didYouMean } from "../suggest.ts";
import { isImageReference } from "../types/image-reference.ts";
import { parseDuration } from "../../model/units.ts";
import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { checkMac } from "./check-addresses.ts";
import { capabilities, containerSysctls, objectName, objectNameHint, resourceLimits, signals } from "./engine-names.ts";
import { plainDevices } from "../desired/container-resources.ts";
import { fieldsOf, listOf, numberOf, textMapOf, textOf, textsOf } from "../desired/fields.ts";

/** What the Engine takes as the text of a key. */
interface TextRule {
  readonly takes: (text: string) => boolean;
  readonly problem: string;
  readonly hint: string | ((text: string) => string);
  readonly known?: readonly string[];
}

const platforms = ["linux", "linux/386", "linux/amd64", "linux/arm/v6", "linux/arm/v7", "linux/arm64", "linux/riscv64"];

/** What to write instead of what is no name of an image. */
function imageHint(text: string): string {
  if (text.includes("{{")) return "write a variable as ${TAG}: templates are not filled in";
  if (/^https?:\/\//.test(text)) return "write it without https://, as docker pull takes it";
  const lacksPart = /^\/|^\S*\/\/|:$|:@|@$/.test(text); // before or between slashes, or behind a colon or an at sign
  return lacksPart
    ? "a variable in it may have no value: set it, or give it a default as in ${TAG:-1.27}"
    : "write NAME:TAG or NAME@DIGEST, the name in lower case: registry.example.com/shop/web:1.27";
}

const textRules: Readonly<Record<string, TextRule>> = {
  image: {
    takes: isImageReference,
    problem: "no name of an image",
    hint: imageHint,
  },
  container_name: {
    takes: (text) => objectName.test(text),
    problem: "no name of a container",
    hint: objectNameHint,
  },
  stop_signal: {
    takes: isSignal,
    problem: "no signal",
    hint: "write a signal such as SIGTERM, SIGINT or SIGQUIT",
    known: signals,
  },
  pid: namespaceRule(["host"], "host, service:NAME or container:NAME"),
  ipc: namespaceRule(
    ["host", "none", "private", "shareable"],
    "private, shareable, host, none, service:NAME or container:NAME",
  ),
  uts: { ...namespaceRule(["host"], "host"), takes: (text) => text === "host" },
  isolation: {
    takes: (text) => text.toLowerCase() === "default",
    problem: "which is for Windows containers",
    hint: "take it away",
  },
  working_dir: {
    takes: (text) => text.startsWith("/"),
    problem: "no absolute path",
    hint: "write the whole path inside the container",
  },
  hostname: { takes: (text) => text.length <= 64, problem: "longer than 64 characters", hint: "write a shorter name" },
  platform: {
    takes: (text) => platforms.includes(text) || /^[\w.-]+\/[\w.-]+(?:\/[\w.-]+)?$/.test(text),
    problem: "no platform",
    hint: "write OS/ARCHITECTURE: linux/amd64",
    known: platforms,
  },
};

const listRules: Readonly<Record<string, TextRule>> = {
  cap_add: capabilityRule(),
  cap_drop: capabilityRule(),
  dns: {
    takes: (text) => isIpAddress(text.replace(/%.+$/, "")),
    problem: "no IP address",
    hint: "write the address of a name server: 192.0.2.53",
  },
  device_cgroup_rules: {
    takes: (text) => /^[acb] (?:\d+|\*):(?:\d+|\*) [rwm]{1,3}$/.test(text),
    problem: "no rule for devices",
    hint: 'write TYPE MAJOR:MINOR ACCESS: "c 189:* rwm"',
  },
  extra_hosts: {
    takes: (text) => /=(?:host-gateway)$/.test(text) || isIpAddress(text.slice(text.indexOf("=") + 1)),
    problem: "no host with its IP address",
    hint: "write host=address, or host=host-gateway for the host itself",
  },
};

/** Holds the values of a service against what the Engine takes. */
export function checkValues(at: ServiceAt): void {
  const { context, service, path } = at;
  const check = (found: string, { takes, hint, ...rule }: TextRule, key: string): void => {
    if (takes(found)) return;
    const advice = typeof hint === "string" ? hint : hint(found);
    refuseValue(context, { path: `${path}.${key}`, found, hint: advice, ...rule });
  };
  for (const [key, rule] of Object.entries(textRules)) {
    const found = textOf(service[key]);
    if (found !== undefined) check(found, rule, key);
  }
  for (const [key, rule] of Object.entries(listRules)) {
    textsOf(service[key]).forEach((found, index) => check(found, rule, `${key}[${index}]`));
  }
  checkMac(textOf(service["mac_address"]), `${path}.mac_address`, context);
  checkNames(at);
  checkUlimits(at);
  checkDevices(at);
  checkTimes(at);
}

function checkNames({ context, service, path }: ServiceAt): void {
  if (Object.hasOwn(fieldsOf(service["environment"]), "")) {
    context.issues.error("COMPOSE_VALUE", `${path}.environment`, {
      message: `${path}.environment has a variable without a name`,
      hint: "write NAME=value",
    });
  }
  if (service["runtime"] !== undefined) return; // another runtime may know more of them
  for (const name of Object.keys(textMapOf(service["sysctls"]))) {
    if (/^(?:net|fs\.mqueue)\./.test(name) || containerSysctls.includes(name)) continue;
    context.issues.error("COMPOSE_VALUE", `${path}.sysctls.${name}`, {
      message: `${path}.sysctls has "${name}", which no container has of its own: the Engine refuses it`,
      hint: didYouMean(name, containerSysctls) ?? "set it on the host, with sysctl",
    });
  }
}

function checkDevices({ context, service, path }: ServiceAt): void {
  plainDevices(service).forEach(({ source }) => {
    const index = listOf(service["devices"]).findIndex((device) => textOf(fieldsOf(device)["source"]) === source);
    if (source.startsWith("/")) return;
    const hint = "write the whole path of a device of the host: /dev/ttyUSB0";
    const where = `${path}.devices[${index}].source`;
    refuseValue(context, { path: where, found: source, problem: "no absolute path", hint });
  });
}

function checkUlimits({ context, service, path }: ServiceAt): void {
  for (const [name, value] of Object.entries(fieldsOf(service["ulimits"]))) {
    const at = `${path}.ulimits.${name}`;
    if (!resourceLimits.includes(name.toLowerCase())) {
      context.issues.error("COMPOSE_VALUE", at, {
        message: `${path}.ulimits has "${name}", which is no limit of Linux`,
        hint: didYouMean(name, resourceLimits) ?? `write one of ${resourceLimits.join(", ")}`,
      });
    }
    const soft = numberOf(fieldsOf(value)["soft"]) ?? 0;
    const hard = numberOf(fieldsOf(value)["hard"]) ?? 0;
    if (hard === -1 || (soft !== -1 && soft <= hard)) continue;
    context.issues.error("COMPOSE_CONFLICT", `${at}.soft`, {
      message: `${at}.soft is ${soft}, more than the hard limit ${hard}`,
      hint: "write a soft limit that is at most the hard one",
    });
  }
}

function checkTimes({ context, service, path }: ServiceAt): void {
  const grace = textOf(service["stop_grace_period"]);
  if (grace !== undefined && (parseDuration(grace) ?? 0n) < 0n) {
    context.issues.error("COMPOSE_VALUE", `${path}.stop_grace_period`, {
      message: `${path}.stop_grace_period is negative`,
      hint: "write a duration such as 10s",
    });
  }
  const check = fieldsOf(service["healthcheck"]);
  for (const key of ["interval", "timeout", "start_period", "start_interval"]) {
    const found = textOf(check[key]);
    const nanoseconds = found === undefined ? 0n : parseDuration(found) ?? 0n;
    if (nanoseconds === 0n || nanoseconds >= 1_000_000n) continue;
    refuseValue(context, {
      path: `${path}.healthcheck.${key}`,
      found: found!,
      problem: "less than 1ms",
      hint: "write a duration such as 10s",
    });
  }
}

function namespaceRule(known: readonly string[], expected: string): TextRule {
  return {
    takes: (text) => known.includes(text) || /^(?:service|container):./.test(text),
    problem: "no namespace",
    hint: `write ${expected}`,
    known,
  };
}

function capabilityRule(): TextRule {
  return {
    takes: (text) => capabilities.includes(text.toUpperCase().replace(/^CAP_/, "")),
    problem: "no capability of Linux",
    hint: "write a name such as NET_ADMIN or SYS_PTRACE",
    known: capabilities,
  };
}

/** A name with or without `SIG`, in any case, or a number. */
function isSignal(text: string): boolean {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, "")}`;
  return signals.includes(name) || /^SIGRT(?:MIN(?:\+\d{1,2})?|MAX(?:-\d{1,2})?)$/.test(name) ||
    /^[1-9]\d*$/.test(text);
}
