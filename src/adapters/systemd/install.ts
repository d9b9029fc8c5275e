import { existsSync } from "node:fs";
import type { AgentConfig } from "../../config/agent-config.ts";
import { loadAgentConfig } from "../../config/load.ts";
import { HoldfastError } from "../../model/error.ts";
import type { FirstDeployment, InstallOptions, OnAction } from "../../ports/installer.ts";
import { copyProgram, makeFolder, readText, writeText } from "./_files.ts";
import { binaryPath, configPath, Installation, unitNames, unitPath } from "./_installation.ts";
import { systemdVersion } from "./_systemctl.ts";
import { freshAgentYaml } from "./agent-yaml.ts";
import { keysUnit, serviceName, serviceUnit } from "./units.ts";

/** `Installer.install()`. */
export async function installService(
  { prefix, deployment, start }: InstallOptions,
  onAction: OnAction,
  signal: AbortSignal,
): Promise<void> {
  const installation = new Installation(prefix, onAction, signal);
  const program = await runningProgram();
  const starts = start === "now" && prefix === "/";
  if (starts && !installation.isBooted) throw noSystemd();
  const config = await placeConfig(installation, deployment);
  await makeFolders(installation, config);
  await placeProgram(installation, program);
  await placeUnits(installation, { config, systemdVersion: await systemdVersion(signal) });
  if (installation.isBooted) await installation.run(["daemon-reload"]);
  await installation.run(["enable", ...unitNames]);
  if (!starts) return;
  if (config) return await installation.run(["restart", serviceName]);
  await installation.run(["try-restart", serviceName]); // an older program may be waiting
  installation.tell("left", serviceName, `not started: "${configPath}" has no deployment yet`);
}

/** @returns undefined for a fresh agent.yaml without a deployment */
async function placeConfig(
  installation: Installation,
  deployment: FirstDeployment | undefined,
): Promise<AgentConfig | undefined> {
  const path = installation.at(configPath);
  const present = await readText(path);
  if (present !== undefined) {
    const config = loadUnlessEmpty(present, path);
    const unused = deployment ? "; --repository, --ref and --path were not used" : "";
    installation.tell("kept", path, `it was there already${unused}`);
    return config;
  }
  const text = freshAgentYaml(deployment, path);
  await writeText(path, text, 0o600);
  installation.tell("wrote", path);
  return deployment && loadAgentConfig(text, path);
}

/** @returns undefined for a file that has no deployment yet */
function loadUnlessEmpty(text: string, path: string): AgentConfig | undefined {
  try {
    return loadAgentConfig(text, path);
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.code === "CONFIG_EMPTY") return undefined;
    throw thrown;
  }
}

/** systemd lets the agent write only to folders that are there when it starts. */
async function makeFolders(installation: Installation, config: AgentConfig | undefined): Promise<void> {
  if (!config) return;
  const folders = [[config.state, 0o700], ...checkoutsBeside(config).map((path) => [path, 0o755] as const)] as const;
  for (const [folder, mode] of folders) {
    const path = installation.at(folder);
    if (existsSync(path)) continue;
    await makeFolder(path, mode);
    installation.tell("made", path);
  }
}

async function placeProgram(installation: Installation, program: string): Promise<void> {
  const path = installation.at(binaryPath);
  if (program === path) return installation.tell("kept", path, "it is this program");
  await copyProgram(program, path);
  installation.tell("wrote", path);
}

async function placeUnits(
  installation: Installation,
  { config, systemdVersion }: { readonly config: AgentConfig | undefined; readonly systemdVersion: number },
): Promise<void> {
  const options = {
    binary: binaryPath,
    config: configPath,
    state: config?.state ?? "/var/lib/holdfast",
    runtime: config?.runtime ?? "/run/holdfast",
    checkouts: config ? checkoutsBeside(config) : [],
    systemdVersion,
  };
  const texts = [serviceUnit(options), keysUnit(options)];
  for (const [index, name] of unitNames.entries()) {
    const path = installation.at(unitPath(name));
    if (await writeText(path, texts[index]!, 0o644)) installation.tell("wrote", path);
    else installation.tell("kept", path, "it is the same");
  }
}

/** Checkouts that are not below the state folder. */
function checkoutsBeside({ deployments, state }: AgentConfig): string[] {
  const checkouts = deployments.map(({ checkout }) => checkout).filter((path) => !path.startsWith(`${state}/`));
  return [...new Set(checkouts)].sort();
}

/** @throws HoldfastError `INSTALL` when it runs from its source: there is no one file to install */
async function runningProgram(): Promise<string> {
  const sea = await import("node:sea").catch(() => undefined); // Deno has none
  if (sea?.isSea()) return process.execPath;
  throw new HoldfastError("INSTALL", "Cannot install: this holdfast runs from its source, needed is the binary", {
    retry: "operator",
    hint: "build it and let it install itself: npm run build && dist/holdfast install",
  });
}

function noSystemd(): HoldfastError {
  return new HoldfastError("INSTALL", "Cannot start the service: systemd does not run on this system", {
    retry: "operator",
    hint: "put the files in place with --no-start, or run the agent by hand: holdfast run",
  });
}
