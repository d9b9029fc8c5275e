import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InstallAction, OnAction } from "../../ports/installer.ts";
import { systemctl } from "./_systemctl.ts";
import { keysName, serviceName } from "./units.ts";

/** Where everything is installed, below the prefix. */
export const binaryPath = "/usr/local/bin/holdfast";
export const configPath = "/etc/holdfast/agent.yaml";
export const unitNames = [serviceName, keysName];

export function unitPath(name: string): string {
  return `/etc/systemd/system/${name}`;
}

/** A system that holdfast is installed into or removed from, and whoever is told what happens. */
export class Installation {
  readonly #prefix: string;
  readonly #onAction: OnAction;
  readonly #signal: AbortSignal;

  constructor(prefix: string, onAction: OnAction, signal: AbortSignal) {
    this.#prefix = prefix;
    this.#onAction = onAction;
    this.#signal = signal;
  }

  /** Its systemd runs here: units can be started and stopped. As sd_booted(3). */
  get isBooted(): boolean {
    return this.#prefix === "/" && existsSync("/run/systemd/system");
  }

  /** Where a path of the installed system lies now. */
  at(path: string): string {
    return join(this.#prefix, path);
  }

  tell(kind: InstallAction["kind"], what: string, why?: string): void {
    this.#onAction({ kind, what, why });
  }

  /** @throws HoldfastError `INSTALL` */
  async run(args: readonly string[]): Promise<void> {
    const all = [...this.#prefix === "/" ? [] : [`--root=${this.#prefix}`], ...args];
    await systemctl(all, this.#signal);
    this.tell("ran", `systemctl ${all.join(" ")}`);
  }
}
