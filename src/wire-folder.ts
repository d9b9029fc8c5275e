import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { findRepositoryRoot, folderFiles } from "./adapters/disk/folder-files.ts";
import type { Application } from "./agent/application.ts";
import { printConfig } from "./agent/print-config.ts";
import type { CliIo } from "./cli/io.ts";
import type { FolderReader } from "./ports/folder-reader.ts";

/** The commands on a folder as it lies on disk: they need no host. */
export function wireFolder(io: CliIo): Pick<Application, "check" | "config"> {
  return {
    async check(options) {
      const { checkFolder } = await import("./agent/check.ts"); // with the policies, which `config` does not need
      return await checkFolder(options, folderReader, io.now());
    },
    config: (options) => printConfig(options, folderReader),
  };
}

const folderReader: FolderReader = {
  read: folderFiles,
  findRoot: findRepositoryRoot,
  resolve: (path) => realpath(path).catch(() => resolve(path)),
};
