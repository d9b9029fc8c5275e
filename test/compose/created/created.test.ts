import assert from "node:assert/strict";
import { test } from "node:test";
import { createBody } from "../../../src/adapters/docker/create-body.ts";
import { networkBody } from "../../../src/adapters/docker/networks.ts";
import { volumeBody } from "../../../src/adapters/docker/volumes.ts";
import { desiredState } from "../../../src/compose/desired.ts";
import { loadProject } from "../../../src/compose/load.ts";
import type { DesiredService, DesiredState } from "../../../src/model/desired.ts";
import { digestKey } from "../../../src/model/digest.ts";
import type { RevisionFiles } from "../../../src/model/files.ts";
import { composeLabel } from "../../../src/model/labels.ts";
import { containerLabels, type LabelContext, networkLabels, volumeLabels } from "../../../src/plan/labels.ts";
import { labelsWithPeers, withPeerIds } from "../../../src/plan/peers.ts";
import { slotsOf } from "../../../src/plan/slots.ts";
import { folderFiles } from "../corpus-case.ts";
import {
  type Body,
  type Created,
  createdRoot,
  project,
  readAnswerer,
  readCreated,
  readCreatedCases,
} from "./created-cases.ts";
import { normalContainer, normalNetwork, normalVolume } from "./normal-body.ts";

const { compose, api } = readAnswerer();
const apiMinor = Number(api.split(".")[1]);
const context: LabelContext = {
  deployment: "demo",
  commit: "c".repeat(40),
  digestKey: digestKey(new Uint8Array(32)),
  configFiles: [`${createdRoot}/compose.yaml`],
};

for (const one of readCreatedCases()) {
  const expected = readCreated(one);
  test(`createBody() asks for the containers of ${one.name} as Compose ${compose} does`, () => {
    const desired = desire(one.folder);
    const bodies = [...desired.services.values()].flatMap((service) => containersOf(service, { desired, expected }));
    assert.deepEqual(byName(bodies, normalContainer), byName(Object.entries(expected.containers), normalContainer));
  });

  test(`networkBody() and volumeBody() ask for those of ${one.name} as Compose ${compose} does`, () => {
    const desired = desire(one.folder);
    const { networks, volumes } = desired;
    const ownNetworks = [...networks.values()].filter(({ external }) => !external).map((network): [string, Body] => [
      network.spec.name,
      networkBody(network.spec, networkLabels(network, desired, context), apiMinor) as Body,
    ]);
    const ownVolumes = [...volumes.values()].filter(({ external }) => !external).map((volume): [string, Body] => [
      volume.spec.name,
      volumeBody(volume.spec, volumeLabels(volume, desired, context)) as Body,
    ]);
    assert.deepEqual(byName(ownNetworks, normalNetwork), byName(Object.entries(expected.networks), normalNetwork));
    assert.deepEqual(byName(ownVolumes, normalVolume), byName(Object.entries(expected.volumes), normalVolume));
  });
}

function desire(folder: string): DesiredState {
  const files = folderFiles(folder);
  const loaded = loadProject({
    files,
    composeFiles: ["compose.yaml"],
    projectName: project,
    environment: new Map(),
    profiles: [],
    duplicateKeys: "refuse",
    root: createdRoot,
  });
  assert.ok(loaded.project, JSON.stringify(loaded.issues));
  const entries = files.list("").map((path) => [path, { mode: "file", oid: path, bytes: files.read(path)! }] as const);
  const { desired, issues } = desiredState(loaded.project, {
    folders: { checkout: createdRoot, project: createdRoot, secrets: "/run/case-secrets" },
    files: new Map(entries) as RevisionFiles,
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: context.digestKey,
  });
  assert.ok(desired, JSON.stringify(issues));
  return desired;
}

/** The bodies of the containers of one service, for the ids that Compose's containers had. */
function containersOf(
  service: DesiredService,
  { desired, expected }: { readonly desired: DesiredState; readonly expected: Created },
): [string, Body][] {
  const idOf = (key: string): string | undefined => expected.ids[desired.services.get(key)!.name];
  const spec = withPeerIds(service.spec, idOf);
  return slotsOf(service, []).map(({ name, number }) => {
    const imageId = imageOf(expected.containers[name]);
    const { sharedConfig } = service;
    const labels = labelsWithPeers({
      labels: containerLabels(service, { desired, number, imageId, context }),
      ...(sharedConfig && { sharedConfig }),
    }, idOf);
    return [name, createBody(spec, { api: apiMinor, labels, inherited: new Map() }).body as unknown as Body];
  });
}

/** Ids of images differ from machine to machine. */
function imageOf(body: Body | undefined): string {
  return String((body?.["Labels"] as Body | undefined)?.[composeLabel.image]);
}

function byName(bodies: readonly (readonly [string, Body])[], normal: (body: Body) => unknown): object {
  return Object.fromEntries(
    bodies.map(([name, body]) => [name, normal(body)] as const).sort(([a], [b]) => a < b ? -1 : 1),
  );
}
