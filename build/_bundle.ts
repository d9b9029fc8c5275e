import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/** What is stamped into `src/version.ts`. */
export interface Stamp {
  readonly version: string;
  readonly commit: string;
}

/** Bundles src/main.ts and all it imports into one CommonJS file, which is what a single executable takes. */
export async function bundle(root: string, { version, commit }: Stamp): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "src/main.ts")],
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    // openpgp calls createRequire(import.meta.url), which CommonJS does not have.
    banner: { js: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: {
      "import.meta.url": "importMetaUrl",
      HOLDFAST_VERSION: JSON.stringify(version),
      HOLDFAST_COMMIT: JSON.stringify(commit),
    },
    plugins: [leaveOut],
  });
  return outputFiles[0]!.contents;
}

/** Native accelerators: their libraries catch the error and go on in JavaScript. */
const NATIVE = /^cpu-features$|\.node$/;
/** Only BuildKit sessions use them, and only once one is opened. */
const BUILDKIT = /^(@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
/** docker-modem's way to an Engine over ssh. holdfast takes a unix socket only. */
const ENGINE_OVER_SSH = /docker-modem\/lib\/ssh\.js$/;

const leaveOut: Plugin = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: NATIVE },
      ({ path }) => builtinModules.includes(path) ? undefined : { path, namespace: "native" },
    );
    onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of this program`)})`,
    }));
    onLoad({ filter: ENGINE_OVER_SSH }, () => ({
      contents: `module.exports=()=>{throw new Error("an Engine over ssh is not part of this program")}`,
    }));
    onResolve({ filter: BUILDKIT }, ({ path }) => ({ path, namespace: "buildkit" }));
    onLoad({ filter: /.*/, namespace: "buildkit" }, ({ path }) => ({
      contents: `module.exports=new Proxy({},{get(){throw new Error(${
        JSON.stringify(`BuildKit sessions are not part of this program: it has no ${path}`)
      })}})`,
    }));
  },
};
