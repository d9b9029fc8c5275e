import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "postject";
import { bundle, type Stamp } from "./_bundle.ts";
import { makeCodeCache } from "./_code-cache.ts";

export type Architecture = "x64" | "arm64";

export interface BinaryOptions {
  /** The working tree, with its node_modules. */
  readonly root: string;
  readonly out: string;
  readonly arch: Architecture;
  readonly stamp: Stamp;
  /** Gets what is worth knowing about a build that succeeds. */
  readonly warn: (text: string) => void;
}

/** Names binutils' strip for the programs of each architecture. */
const STRIP: Readonly<Record<Architecture, string>> = {
  x64: "x86_64-linux-gnu-strip",
  arm64: "aarch64-linux-gnu-strip",
};

/**
 * Makes the binary: the pinned Node with the bundle injected, a Node single executable application. The same files give
 * the same bytes, in whichever folder.
 *
 * @throws Error when a part is missing, or the source cannot be bundled
 */
export async function makeBinary({ root, out, arch, stamp, warn }: BinaryOptions): Promise<void> {
  const node = join(root, `node_modules/node-linux-${arch}/bin/node`);
  if (!existsSync(node)) {
    throw new Error(`there is no "${node}": npm install --no-save --ignore-scripts --force node-linux-${arch}@24.21.0`);
  }
  mkdirSync(dirname(out), { recursive: true });
  const folder = mkdtempSync(join(dirname(out), ".holdfast-"));
  try {
    const binary = join(folder, "holdfast");
    copyFileSync(node, binary);
    chmodSync(binary, 0o755);
    stripSymbols(binary, arch, warn);
    await injectBlob(binary, makeBlob(folder, await bundle(root, stamp), arch));
    renameSync(binary, out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Before the injection: after it the binary would crash. */
function stripSymbols(binary: string, arch: Architecture, warn: BinaryOptions["warn"]): void {
  for (const strip of [STRIP[arch], ...(arch === process.arch ? ["strip"] : [])]) {
    try {
      execFileSync(strip, [binary], { stdio: ["ignore", "ignore", "pipe"] });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  warn(`No ${STRIP[arch]} (binutils) on this machine: the binary keeps Node's symbols, 18 MB`);
}

const execArgv = ["--max-old-space-size=256", "--disable-warning=DEP0169"];

/** The code cache halves the start; it fits the architecture that it was made on only. */
function makeBlob(folder: string, module: string, arch: Architecture): Buffer {
  const script = `(function (require, module, exports, __filename) {${module}\n})`;
  writeFileSync(join(folder, "program"), script);
  writeFileSync(join(folder, "code-cache"), arch === process.arch ? makeCodeCache(script, { execArgv }) : "");
  copyFileSync(new URL("_start.cjs", import.meta.url), join(folder, "holdfast.cjs"));
  const config = {
    main: "holdfast.cjs", // stands in the blob: relative, so that the folder does not
    output: "holdfast.blob",
    disableExperimentalSEAWarning: true,
    assets: { "program": "program", "code-cache": "code-cache" },
    execArgv: [...execArgv, "--"], // else the runtime would take our --env-file for its own
    execArgvExtension: "none", // else the binary would obey NODE_OPTIONS
  };
  writeFileSync(join(folder, "sea.json"), JSON.stringify(config));
  execFileSync(process.execPath, ["--experimental-sea-config", "sea.json"], { cwd: folder, stdio: "pipe", env: {} });
  return readFileSync(join(folder, "holdfast.blob"));
}

async function injectBlob(binary: string, blob: Buffer): Promise<void> {
  const { warn } = console;
  console.warn = () => {}; // a dozen lines about the names of Node's note sections, which do not matter
  try {
    await inject(binary, "NODE_SEA_BLOB", blob, { sentinelFuse: "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2" });
  } finally {
    console.warn = warn;
  }
}
