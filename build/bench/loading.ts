import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { desiredState } from "../../src/compose/desired.ts";
import { loadProject } from "../../src/compose/load.ts";
import { projectFiles } from "../../src/compose/project-files.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { RevisionFiles } from "../../src/model/files.ts";
import { tempFolder } from "../../test/support/temp.ts";
import type { ComposeBinary } from "./compose-binary.ts";
import { type Contender, race } from "./contenders.ts";
import { timeProcess } from "./process.ts";
import { composeText, fiveFiles } from "./project.ts";
import type { Row } from "./results.ts";
import { holdfastBinary } from "./stage.ts";

/** Enough for the loader to be compiled as far as it will be. */
const warmUps = 40;
const loads = 40;
/** From this size on a project has five files. */
const largeSize = 30;

export interface Loading {
  readonly size: number;
  readonly runs: number;
  readonly compose: ComposeBinary;
}

/** Compose files to desired state: warm in this process, and as whole processes. */
export async function measureLoading({ size, runs, compose }: Loading): Promise<Row[]> {
  const texts = size < largeSize ? new Map([["compose.yaml", composeText(size, 1)]]) : fiveFiles(size);
  const files = `${texts.size} ${texts.size === 1 ? "file" : "files"}`;
  const warm = { size, subject: "holdfast: warm, in the running service", unit: "ms" } as const;
  const { wallMs, cpuMs } = warmLoads(texts);
  return [
    { ...warm, part: `loading ${files}`, values: wallMs },
    { ...warm, part: `loading ${files}: processor time`, values: cpuMs },
    ...await configProcesses(texts, { part: `loading ${files}: whole processes`, size, runs, compose }),
  ];
}

function warmLoads(texts: ReadonlyMap<string, string>): Record<"wallMs" | "cpuMs", readonly number[]> {
  const files = revisionFiles(texts);
  const wallMs: number[] = [];
  const cpuMs: number[] = [];
  for (let load = 0; load < warmUps + loads; load++) {
    const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
    loadOnce(files);
    if (load < warmUps) continue;
    wallMs.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs.push((user + system) / 1000);
  }
  return { wallMs, cpuMs };
}

/** @throws Error when what is measured does not load */
export function loadOnce(files: RevisionFiles): void {
  const root = "/srv/bench";
  const { project, issues } = loadProject({
    files: projectFiles(files),
    composeFiles: [...files.keys()],
    environment: new Map(),
    profiles: [],
    duplicateKeys: "refuse",
    root,
  });
  const { desired } = project
    ? desiredState(project, {
      folders: { checkout: root, project: root, secrets: "/run/bench" },
      files,
      creatableVolumes: [],
      stoppedServices: [],
      digestKey: digestKey(new Uint8Array(32)),
    })
    : {};
  if (!desired) throw new Error(`The project does not load: ${issues[0]?.message}`);
}

export function revisionFiles(texts: ReadonlyMap<string, string>): RevisionFiles {
  const encoder = new TextEncoder();
  return new Map(
    [...texts].map(([path, text], index) => [
      path,
      { path, mode: "file", oid: String(index).padStart(40, "0"), bytes: encoder.encode(text) } as const,
    ]),
  );
}

/** `config` of both, and its parts: what each needs to start and end, and what of that is bare Node's. */
async function configProcesses(
  texts: ReadonlyMap<string, string>,
  { part, size, runs, compose }: Loading & { readonly part: string },
): Promise<Row[]> {
  await using folder = tempFolder("bench-load");
  await mkdir(folder.path, { recursive: true });
  for (const [path, text] of texts) await writeFile(join(folder.path, path), text);
  const files = [...texts.keys()].flatMap((path) => ["--file", path]);
  const contender = (name: string, [command, ...args]: readonly [string, ...string[]]): Contender => ({
    name,
    measure: async () => {
      const { wallMs, cpuMs } = await timeProcess({ command, args, cwd: folder.path, env: { HOME: folder.path } });
      return { wallMs: [wallMs], cpuMs };
    },
  });
  const contenders = [
    contender("holdfast: config", [holdfastBinary, "config", ...files]),
    contender("holdfast: version, the start of `config`", [holdfastBinary, "version"]),
    contender("Node alone: an empty script, the start of `version`", [process.execPath, "--eval", ""]),
  ];
  if (!("missing" in compose)) {
    contenders.unshift(
      { ...contender("Compose: config", [compose.path, ...files, "config"]), isBaseline: true },
      contender("Compose: version, the start of `config`", [compose.path, "version"]),
    );
  }
  return await race(contenders, { part, size, runs });
}
