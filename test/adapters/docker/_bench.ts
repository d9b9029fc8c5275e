import { dockerEngine, type DockerEngineOptions } from "../../../src/adapters/docker/docker-engine.ts";
import type { ContainerSpec } from "../../../src/model/container.ts";
import type { Engine, ObserveScope } from "../../../src/ports/engine.ts";
import { composeLabel } from "../../../src/model/labels.ts";
import { minimalSpec } from "../../support/container-spec.ts";
import { type CountingProxy, countingProxy } from "../../support/counting-proxy.ts";
import { freshProject, removeProject, type TestEngine } from "../../support/engine.ts";
import { standIn } from "../../support/images.ts";
import { until } from "../../support/until.ts";
import { type Removable, removable } from "../../support/removable.ts";

/** The adapter behind a proxy that sees its calls, on a real Engine, with a project and an image of its own. */
export interface Bench extends Removable {
  readonly engine: Engine;
  readonly proxy: CountingProxy;
  readonly project: string;
  readonly image: string;
  readonly scope: ObserveScope;
  /** A running container of the project without a network. */
  run(key: string, more?: Partial<ContainerSpec>): Promise<string>;
  create(key: string, more?: Partial<ContainerSpec>): Promise<string>;
}

/** A watch that is up, with all that it told. */
export interface Watch extends AsyncDisposable {
  readonly told: string[];
}

export async function startWatch({ engine, project }: Bench): Promise<Watch> {
  const stop = new AbortController();
  const told: string[] = [];
  const ended = engine.watch(project, (what) => told.push(what), stop.signal);
  await until("the event stream to be up", () => told.includes("events: connected"));
  return { told, [Symbol.asyncDispose]: () => (stop.abort(), ended) };
}

export const never = new AbortController().signal;

export async function bench(test: TestEngine, options: Partial<DockerEngineOptions> = {}): Promise<Bench> {
  const project = await freshProject(test, "bench");
  const proxy = await countingProxy(test);
  const image = await standIn(test, `${project}:1`);
  const engine = dockerEngine({ host: `unix://${proxy.socket}`, ...options });
  const create = (key: string, more: Partial<ContainerSpec> = {}) => {
    const spec = minimalSpec(image.tag, { networkMode: "none", ...more });
    const labels = { [composeLabel.project]: project, [composeLabel.service]: key };
    return engine.createContainer(`${project}-${key}-1`, spec, { labels }, never);
  };
  const run = async (key: string, more: Partial<ContainerSpec> = {}) => {
    const id = await create(key, more);
    await engine.startContainer(id, never);
    return id;
  };
  const scope = {
    project,
    containerNames: [],
    networkNames: [],
    volumeNames: [],
    images: [image.tag],
    full: false,
  };
  return removable({ engine, proxy, project, image: image.tag, scope, run, create }, async () => {
    await removeProject(test, project);
    await image.dispose();
    await proxy.dispose();
  });
}
