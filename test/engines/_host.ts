import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dockerEngine } from "../../src/adapters/docker/docker-engine.ts";
import { applySteps } from "../../src/agent/apply.ts";
import { desiredState } from "../../src/compose/desired.ts";
import type { DesiredService, DesiredState } from "../../src/model/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { Inventory } from "../../src/model/ledger.ts";
import type { PlanInput } from "../../src/plan/input.ts";
import { type MadeContainers, whatWasMade } from "../../src/plan/made.ts";
import { planDeployment } from "../../src/plan/plan-deployment.ts";
import { slotNames } from "../../src/plan/slots.ts";
import type { Engine } from "../../src/ports/engine.ts";
import { loadTexts } from "../compose/_load-text.ts";
import type { TestEngine } from "../support/engine.ts";
import { testClock } from "../support/world.ts";

const key = digestKey(new Uint8Array(32).fill(7));
const here = fileURLToPath(new URL(".", import.meta.url));
const never = new AbortController().signal;

export interface WishedFiles {
  /** Of `test/engines`. */
  readonly names: readonly string[];
  /** For binds, keys and secrets. */
  readonly folder: string;
  /** The rest is created only. */
  readonly started: readonly string[];
}

/** What Compose files ask for, loaded as the agent loads them. */
export function desiredFrom({ names, folder, started }: WishedFiles): DesiredState {
  const checkout = join(folder, "checkout");
  const secrets = join(folder, "secrets");
  const project = loadTexts(Object.fromEntries(names.map((name) => [name, readFileSync(join(here, name), "utf8")])), {
    composeFiles: names,
    projectName: "asked",
    environment: new Map(Object.entries({ FOLDER: folder, TOKEN: "t0ken" }).map(([name, value]) => [name, { value }])),
    root: checkout,
  });
  assert.ok(project.project, text(project.issues));
  const { desired, issues } = desiredState(project.project, {
    folders: { checkout, project: checkout, secrets },
    files: new Map([["relative/a.conf", { mode: "file", oid: "a", bytes: new Uint8Array() }]]),
    creatableVolumes: [],
    stoppedServices: Object.keys(project.project.model.services).filter((name) => !started.includes(name)),
    digestKey: key,
  });
  assert.ok(desired, text(issues));
  for (const path of [join(folder, "bound"), join(checkout, "relative")]) mkdirSync(path, { recursive: true });
  for (const { path, bytes } of desired.secretFiles) {
    mkdirSync(dirname(join(secrets, path)), { recursive: true });
    writeFileSync(join(secrets, path), bytes);
  }
  return desired;
}

function text(issues: readonly { readonly message: string; readonly severity: string }[]): string {
  return issues.filter(({ severity }) => severity === "error").map(({ message }) => message).join("\n");
}

/** What is planned for and applied to a real Engine as the agent does it, with or without what it remembers. */
export class RealHost {
  readonly #engine: Engine;
  readonly #created = new Set<string>();
  made: MadeContainers = { asMade: {}, unhonored: [] };

  constructor({ socket }: TestEngine) {
    this.#engine = dockerEngine({ host: `unix://${socket}` });
  }

  /** Brings the host to what is desired (what is to be stopped is created), and remembers what the Engine made of it. */
  async converge(desired: DesiredState): Promise<void> {
    const { steps } = planDeployment(await this.#input(withAll(desired, "running"), undefined));
    const isStarted = (id: string): boolean => startedNames.has(names.get(id) ?? "");
    const startedNames = new Set(
      [...desired.services.values()].filter((service) => service.desired === "running").map(({ name }) => name),
    );
    const names = new Map<string, string>();
    const engine: Engine = {
      ...this.#engine,
      createContainer: async (name, ...rest) => {
        const id = await this.#engine.createContainer(name, ...rest);
        names.set(id, name);
        return id;
      },
      // What need not run is created only: a start takes ten times as long.
      startContainer: async (id, signal) => isStarted(id) && await this.#engine.startContainer(id, signal),
    };
    const outcomes = await applySteps(
      steps,
      { engine, clock: testClock(), parallel: 4, switchFiles: () => Promise.resolve() },
      never,
    );
    const failed = outcomes.filter(({ result }) => result === "failed");
    assert.deepEqual(failed.map(({ step, error }) => `${step.id}: ${error?.message}`), []);
    for (const { id } of outcomes) if (id !== undefined) this.#created.add(id);
    this.made = whatWasMade(this.#created, await this.#input(desired, undefined));
  }

  /**
   * What a pass would do and tell of it; empty where nothing differs.
   *
   * @param made what is remembered; undefined: the ledger was lost
   */
  async left(desired: DesiredState, made: Inventory["made"]): Promise<readonly string[]> {
    const { differences, notices } = planDeployment(await this.#input(desired, made));
    return [
      ...differences.map(({ resource, action, cause }) => `${resource} ${action}: ${JSON.stringify(cause)}`),
      ...notices.map(({ resource, message }) => `${resource}: ${message}`),
    ];
  }

  async #input(desired: DesiredState, made: Inventory["made"]): Promise<PlanInput> {
    const observed = await this.#engine.observe({
      project: desired.project,
      containerNames: [...desired.services.values()].flatMap(slotNames),
      networkNames: [...desired.networks.values()].map((each) => each.spec.name),
      volumeNames: [...desired.volumes.values()].map((each) => each.spec.name),
      images: [...desired.services.values()].map((each) => each.spec.image),
      full: true,
    }, never);
    return {
      deployment: "asked",
      commit: "b".repeat(40),
      appliedCommit: "b".repeat(40),
      goingBack: false,
      desired,
      observed,
      inventory: { services: {}, networks: [], volumes: [], ...(made && { made }) },
      digestKey: key,
      configFiles: ["/srv/asked/compose.yaml"],
      files: { edited: [], keys: [], secrets: [] },
      now: new Date(),
      runningMs: 0,
      waitTimeoutSeconds: 60,
      ignore: [],
    };
  }
}

/** The same, with all services running or all stopped. */
export function withAll(desired: DesiredState, state: DesiredService["desired"]): DesiredState {
  const services = [...desired.services].map(([name, service]) => [name, { ...service, desired: state }] as const);
  return { ...desired, services: new Map(services) };
}
