import { installService } from "./adapters/systemd/install.ts";
import { uninstallService } from "./adapters/systemd/uninstall.ts";
import type { Installer } from "./ports/installer.ts";

/** The commands that put the service on a host and take it off. */
export function wireService(): Installer {
  return { install: installService, uninstall: uninstallService };
}
