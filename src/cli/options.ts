import { InvalidArgumentError, Option } from "commander";
import type { HostOptions } from "../agent/application.ts";

const defaultConfigFile = "/etc/holdfast/agent.yaml";

/** As commander parses the options of `hostOptions()`. */
export interface HostFlags {
  readonly config: string;
  readonly deployment?: string;
  readonly logFormat: "text" | "json";
  readonly logLevel: HostOptions["log"]["level"];
}

/** What every command takes that works on a configured host. `level` is the default of `--log-level`. */
export function hostOptions(level: HostOptions["log"]["level"]): Option[] {
  return [
    new Option("--config <file>", "the host's configuration").default(defaultConfigFile),
    new Option("--deployment <name>", "only this deployment (default: all)"),
    new Option("--log-format <format>", "form of the log").choices(["text", "json"]).default("text"),
    new Option("--log-level <level>", "lowest level that is logged")
      .choices(["debug", "info", "notice", "warning", "error"]).default(level),
  ];
}

export function toHostOptions({ config, deployment, logFormat, logLevel }: HostFlags): HostOptions {
  return { configFile: config, deployment, log: { format: logFormat, level: logLevel } };
}

/** `--format`, first choice by default. */
export function formatOption(...choices: readonly string[]): Option {
  return new Option("--format <format>", "form of the answer").choices([...choices])
    .default(choices[0]);
}

/** For an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** `NAME=VALUE`, several times; the last one of a name wins. */
export function collectAssignment(value: string, previous: Readonly<Record<string, string>> | undefined) {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`it must read NAME=VALUE.`);
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}
