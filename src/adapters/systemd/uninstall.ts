import { HoldfastError } from "../../model/error.ts";
import type { InstallOptions, OnAction } from "../../ports/installer.ts";
import { readText, removeFile } from "./_files.ts";
import { binaryPath, configPath, Installation, unitNames, unitPath } from "./_installation.ts";
import { isUntouched } from "./agent-yaml.ts";
import { serviceName } from "./units.ts";

/** `Installer.uninstall()`. */
export async function uninstallService(
  { prefix }: Pick<InstallOptions, "prefix">,
  onAction: OnAction,
  signal: AbortSignal,
): Promise<void> {
  const installation = new Installation(prefix, onAction, signal);
  const unit = installation.at(unitPath(serviceName));
  if (await readText(unit) === undefined) {
    throw new HoldfastError("INSTALL", `Cannot uninstall: there is no "${unit}"`, {
      retry: "operator",
      hint: "it is not installed, or below another --prefix",
    });
  }
  await installation.run(["disable", ...installation.isBooted ? ["--now"] : [], ...unitNames]);
  for (const path of [...unitNames.map(unitPath), binaryPath]) await remove(installation, path);
  if (installation.isBooted) await installation.run(["daemon-reload"]);
  await removeConfig(installation);
  installation.tell("left", "containers, networks, volumes and images", "they go on as they are");
  installation.tell(
    "left",
    "state, checkouts and keys",
    "containers bind files in them; the keys last until the next boot",
  );
}

async function remove(installation: Installation, path: string): Promise<void> {
  if (await removeFile(installation.at(path))) installation.tell("removed", installation.at(path));
}

async function removeConfig(installation: Installation): Promise<void> {
  const config = await readText(installation.at(configPath));
  if (config === undefined) return;
  if (isUntouched(config)) await remove(installation, configPath);
  else installation.tell("left", installation.at(configPath), "it was changed since it was installed");
}
