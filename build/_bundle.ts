import { builtinModules } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/** What is stamped into `src/version.ts`. */
export interface Stamp {
  readonly version: string;
  readonly commit: string;
}

/**
 * Bundles src/program.ts and all it imports into one CommonJS module.
 *
 * @returns its text, all ASCII
 */
export async function bundle(root: string, { version, commit }: Stamp): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "src/program.ts")],
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    charset: "ascii",
    legalComments: "none",
    supported: { "dynamic-import": false }, // a script that is no file cannot import
    logLevel: "silent",
    // openpgp calls createRequire(import.meta.url), which CommonJS does not have.
    banner: { js: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
    // yaml's build for Node obeys variables of the environment, and asks for them at every token
    alias: { yaml: join(root, "node_modules/yaml/browser/dist/index.js") },
    define: {
      "import.meta.url": "importMetaUrl",
      HOLDFAST_VERSION: JSON.stringify(version),
      HOLDFAST_COMMIT: JSON.stringify(commit),
    },
    plugins: [leaveOut],
  });
  // what esbuild leaves are regular expressions
  return outputFiles[0]!.text.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Native accelerators: their libraries catch the error and go on in JavaScript. */
const NATIVE = /^cpu-features$|\.node$/;
/** Only BuildKit sessions use them, and only once one is opened. */
const BUILDKIT = /^(@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
/** For commands that are programs of their own, which holdfast has not; it costs time at every start. */
const COMMANDERS_PROGRAMS = /^node:child_process$/;
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
    onResolve(
      { filter: COMMANDERS_PROGRAMS },
      ({ path, importer }) =>
        /\/node_modules\/commander\//.test(importer) ? { path, namespace: "programs" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "programs" }, () => ({ contents: "module.exports={}" }));
    onResolve({ filter: BUILDKIT }, ({ path }) => ({ path, namespace: "buildkit" }));
    onLoad({ filter: /.*/, namespace: "buildkit" }, ({ path }) => ({
      contents: `module.exports=new Proxy({},{get(){throw new Error(${
        JSON.stringify(`BuildKit sessions are not part of this program: it has no ${path}`)
      })}})`,
    }));
  },
};
