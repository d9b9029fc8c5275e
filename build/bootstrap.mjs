// The way into every npm script, in plain JavaScript for the Node that a machine brings (18 or newer):
//   node build/bootstrap.mjs COMMAND [argument…]
// It installs what is missing, then runs the command's TypeScript with the pinned Node.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideDebianPackages } from "./_debian-packages.mjs";
import { provideNodeModules } from "./_node-modules.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const real = ["git", "strip", "dockerd", "iptables", "ip", "nsenter", "busybox", "gpg", "openssl", "ps", "tar"];

/** Scripts run one after the other, each only if the one before succeeded; the user's arguments go to the last. */
const commands = {
  build: { programs: ["git", "strip"], scripts: [["build/build.ts"]] },
  check: { programs: [], scripts: [["build/test.ts", "types", "unit"]] },
  test: { programs: [...real, "docker-registry", "systemctl"], scripts: [["build/test.ts"]] },
  demo: { programs: [...real, "systemctl"], scripts: [["build/build.ts", "--unchecked"], ["build/demo/demo.ts"]] },
  soak: { programs: [], scripts: [["build/soak/soak.ts"]] },
  bench: { programs: real, scripts: [["build/build.ts", "--unchecked"], ["build/bench/bench.ts"]] },
};

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`Cannot run "${name}": it is none of ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}
try {
  provideDebianPackages(command.programs);
  provideNodeModules(root);
  process.exitCode = await runScripts(pinnedNode(), command.scripts);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function pinnedNode() {
  const node = join(root, `node_modules/node-linux-${process.arch}/bin/node`);
  if (!existsSync(node)) {
    throw new Error(
      `There is no pinned Node for ${process.platform}-${process.arch}: linux-x64 and linux-arm64 are served`,
    );
  }
  return node;
}

async function runScripts(node, scripts) {
  for (const [index, [script, ...fixed]] of scripts.entries()) {
    const last = index === scripts.length - 1;
    const code = await run(node, [join(root, script), ...fixed, ...(last ? args : [])]);
    if (code !== 0) return code;
  }
  return 0;
}

/** A script ends in its own order: signals are passed on, and this process waits for it. */
function run(node, argv) {
  const child = spawn(node, argv, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
