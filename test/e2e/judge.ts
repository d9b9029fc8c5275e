import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { ContainerInspectInfo } from "dockerode";
import { output } from "../support/command.ts";
import { getInEngineNetwork } from "../support/namespace.ts";
import type { Host } from "./host.ts";
import type { Ran } from "./program.ts";

/** The project's containers as the Engine itself tells them, by service. */
export type Scene = ReadonlyMap<string, ContainerInspectInfo>;

/** @throws AssertionError when a service has two containers, or one that is not called as it should be */
export async function look({ engine, project }: Host): Promise<Scene> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const listed = await engine.docker.listContainers({ all: true, filters });
  const scene = new Map<string, ContainerInspectInfo>();
  for (const { Id, Labels, Names } of listed) {
    const service = Labels["com.docker.compose.service"]!;
    assert.equal(scene.has(service), false, `"${service}" has two containers`);
    assert.deepEqual(Names, [`/${project}-${service}-1`]);
    scene.set(service, await engine.docker.getContainer(Id).inspect());
  }
  return scene;
}

/** Services whose container is another one, or was started again. */
export function touched(before: Scene, after: Scene): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().filter((service) => {
    const [old, now] = [before.get(service), after.get(service)];
    return old?.Id !== now?.Id || old?.State.StartedAt !== now?.State.StartedAt;
  });
}

/** Services whose container is another one. */
export function recreated(before: Scene, after: Scene): string[] {
  return touched(before, after).filter((service) => before.get(service)?.Id !== after.get(service)?.Id);
}

export function statusOf(scene: Scene): Record<string, string> {
  return Object.fromEntries([...scene].map(([service, { State }]) => [service, State.Status]).sort());
}

export const allRun = { api: "running", db: "running", web: "running" };

/** What `web` serves, through the port that it publishes. */
export async function served({ engine, port }: Host): Promise<string> {
  return (await getInEngineNetwork(engine, `http://127.0.0.1:${port}/`)).body;
}

/** What a process in a container reads from a file. */
export async function readInContainer({ engine }: Host, id: string, path: string): Promise<string> {
  return (await output("docker", ["--host", `unix://${engine.socket}`, "exec", id, "cat", path])).toString();
}

/** One pass that must end so. */
export async function apply(host: Host, code = 0): Promise<Ran> {
  const ran = await host.holdfast("apply");
  assert.equal(ran.code, code, `apply ended with ${ran.code}:\n${ran.stderr}${ran.stdout}`);
  return ran;
}

/** Nothing is left to do. */
export async function assertConverged(host: Host): Promise<void> {
  const { code, stdout, stderr } = await host.holdfast("plan");
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /nothing to do/);
}

/** What is of one field of one resource in a plan, as JSON. */
export interface FoundField {
  readonly resource: string;
  readonly cause: string;
  readonly field: string;
  readonly want: string;
  readonly have: string;
  readonly place?: string;
}

/** Every difference that `plan` finds, one a field; a resource without fields has one with empty words. */
export async function differences(host: Host): Promise<FoundField[]> {
  const { stdout, stderr } = await host.holdfast("plan", "--format", "json");
  assert.equal(stderr, "");
  const [report] = JSON.parse(stdout).reports;
  assert.equal(report.error, undefined, stdout);
  return report.plan.differences.flatMap(({ resource, cause }: JsonDifference) => {
    const fields = cause.fields.length > 0 ? cause.fields : [{ field: "", want: "", have: "" }];
    return fields.map(({ position, ...field }) => ({
      resource,
      cause: cause.kind,
      ...field,
      ...(position ? { place: `${position.file}:${position.line}` } : {}),
    }));
  });
}

interface JsonDifference {
  readonly resource: string;
  readonly cause: {
    readonly kind: string;
    readonly fields: readonly {
      readonly field: string;
      readonly want: string;
      readonly have: string;
      readonly position?: { readonly file: string; readonly line: number };
    }[];
  };
}

/** Everything below a folder with a digest of its content: equal before and after means untouched. */
export function tree(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink()) return [path, `link to ${readlinkSync(path)}`];
      if (!entry.isFile()) return [path, "folder"];
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }).sort(([a], [b]) => a < b ? -1 : 1),
  );
}
