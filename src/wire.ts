import type { Application } from "./agent/application.ts";
import type { CliIo } from "./cli/io.ts";
import { commit, version } from "./version.ts";

/**
 * Joins the use cases to the adapters: only the `wire` files know both. Each part is evaluated when it is first asked
 * for, so that a command pays for no library but its own.
 */
export function wireApplication(io: CliIo): Application {
  const host = async () => (await import("./wire-host.ts")).wireHost(io);
  const folder = async () => (await import("./wire-folder.ts")).wireFolder(io);
  const keys = async () => (await import("./wire-keys.ts")).wireKeys();
  const service = async () => (await import("./wire-service.ts")).wireService();
  return {
    build: { version, commit, platform: `${process.platform}-${process.arch}` },
    run: async (options, signal) => await (await host()).run(options, signal),
    plan: async (options, signal) => await (await host()).plan(options, signal),
    apply: async (options, signal) => await (await host()).apply(options, signal),
    placeKeys: async (options, signal) => await (await host()).placeKeys(options, signal),
    sync: async (options, signal) => await (await host()).sync(options, signal),
    report: async (options, signal) => await (await host()).report(options, signal),
    status: async (options, signal) => await (await host()).status(options, signal),
    check: async (options, signal) => await (await folder()).check(options, signal),
    config: async (options, signal) => await (await folder()).config(options, signal),
    sealKeys: async (options, signal) => await (await keys()).sealKeys(options, signal),
    openKeys: async (options, signal) => await (await keys()).openKeys(options, signal),
    inspectKeys: async (options, signal) => await (await keys()).inspectKeys(options, signal),
    install: async (options, onAction, signal) => await (await service()).install(options, onAction, signal),
    uninstall: async (options, onAction, signal) => await (await service()).uninstall(options, onAction, signal),
  };
}
