import assert from "node:assert/strict";
import { test } from "node:test";
import type { Manifest } from "../../src/config/manifest.ts";
import { type Verification, verifyDeployment } from "../../src/agent/verify.ts";
import type { ObservedContainer } from "../../src/model/observed.ts";
import type { Health } from "../../src/model/health.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { CertificateFact, PemFactsByPath } from "../../src/model/certificates.ts";
import type { Probe } from "../../src/ports/probe.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { desiredWorld, testClock, type Wishes } from "../support/world.ts";
import { scriptedEngine, type StateScript } from "./scripted-engine.ts";

const calm = new AbortController().signal;

interface Case {
  readonly wishes: Wishes;
  /** What each look at the container of a service finds; the snapshot is the first one. */
  readonly states: Readonly<Record<string, StateScript>>;
  readonly verify?: Partial<Manifest["verify"]>;
  readonly probe?: Probe;
  readonly clock?: Clock;
  readonly keyPems?: PemFactsByPath;
  readonly log?: readonly string[];
  readonly mend?: Verification["mend"];
  readonly isSuperseded?: Verification["isSuperseded"];
}

async function verified(
  { wishes, states, verify, keyPems = new Map(), probe = answering, clock = testClock(), log = [], ...more }: Case,
) {
  const desired = desiredWorld(wishes);
  const containers = await startedContainers(wishes);
  const idOf = (key: string) => containers.find(({ name }) => name === `demo-${key}-1`)?.id ?? key;
  const { engine, looks } = scriptedEngine(
    Object.fromEntries(Object.entries(states).map(([key, script]) => [idOf(key), script])),
  );
  const listed = containers.filter(({ name }) => Object.keys(states).some((key) => name === `demo-${key}-1`));
  const snapshot = await Promise.all(
    listed.map(async (container) => ({ ...container, state: await engine.inspectState(container.id, calm) })),
  );
  const startedMs = clock.monotonicMs();
  const result = await verifyDeployment(
    {
      desired,
      verify: { runningMs: 0, timeoutMs: 60_000, http: [], onFailure: "rollback", ...verify } as never,
      keyPems,
      containers: snapshot,
      ...more,
      mask: (text) => text.replaceAll("hunter22", "‹masked›"),
    },
    { engine: { ...engine, tailLog: () => Promise.resolve(log) }, probe, clock },
    calm,
  );
  return { ...result, looks: (key: string) => looks(idOf(key)), tookMs: clock.monotonicMs() - startedMs };
}

/** As the Engine lists them after the steps. */
async function startedContainers({ services }: Wishes): Promise<readonly ObservedContainer[]> {
  const engine = fakeEngine();
  const desired = desiredWorld({ services });
  engine.host.addNetwork(desired.networks.get("default")!.spec);
  for (const { key, name, spec } of desired.services.values()) {
    engine.host.addImage(spec.image);
    engine.host.run(name, spec, {
      "com.docker.compose.project": "demo",
      "com.docker.compose.service": key,
      "com.docker.compose.container-number": "1",
    });
  }
  const all = { containerNames: [], networkNames: [], volumeNames: [], images: [], full: true };
  return (await engine.observe({ project: "demo", ...all }, calm)).containers;
}

const asks: Probe["asks"] = () => Promise.resolve({ status: 200 });
const answering: Probe = { connects: () => Promise.resolve(true), asks };

/** Answers from the n-th knock on. */
function answeringAfter(knocks: number): Probe & { readonly knocked: string[] } {
  const knocked: string[] = [];
  return {
    knocked,
    asks,
    connects: ({ host, port }) => {
      knocked.push(`${host}:${port}`);
      return Promise.resolve(knocked.length >= knocks);
    },
  };
}

function failures(health: Health): string[] {
  return health.failures.map(({ resource, message }) => `${resource}: ${message}`);
}

/** Started when the test begins, by the clock of the tests. */
const now = { startedAt: "2026-01-02T03:04:05Z" };
const web: Wishes = { services: { web: {} } };

test("verifyDeployment() looks again where what had ended is back before it could be brought back", async () => {
  const ended = { status: "exited", exitCode: 143 } as const;
  const { health } = await verified({
    wishes: web,
    states: { web: [now, ended, now] },
    verify: { runningMs: 5000 },
    mend: () => Promise.resolve(undefined),
  });
  assert.deepEqual([health.passed, failures(health)], [true, []]);
});

test("verifyDeployment() does not count the time that the repository takes to answer", async () => {
  const clock = testClock();
  const slow = async (): Promise<boolean> => {
    await clock.sleep(60_000, calm);
    return false;
  };
  const { health } = await verified({
    wishes: web,
    states: { web: [now] },
    verify: { runningMs: 15_000, timeoutMs: 20_000 },
    clock,
    isSuperseded: slow,
  });
  assert.equal(health.passed, true);
});

test("verifyDeployment() passes at once where everything has run long enough", async () => {
  const { health, tookMs } = await verified({ wishes: web, states: { web: [{}] }, verify: { runningMs: 15_000 } });
  assert.deepEqual([health.passed, health.healthy, health.running, health.runningSeconds], [true, true, 1, 15]);
  assert.equal(tookMs, 0);
});

test("verifyDeployment() takes the snapshot for its first look: what it shows is not asked again", async () => {
  const { health, looks } = await verified({ wishes: web, states: { web: [{}] }, verify: { runningMs: 15_000 } });
  assert.equal(health.passed, true);
  assert.equal(looks("web"), 1);
});

test("verifyDeployment() gives the containers as it saw them last", async () => {
  const { containers } = await verified({
    wishes: web,
    states: { web: [{ health: "starting" }, { health: "healthy" }] },
  });
  assert.deepEqual(containers.map(({ name, state }) => [name, state.health]), [["demo-web-1", "healthy"]]);
});

test("verifyDeployment() waits until a container that was just started has run long enough", async () => {
  const { health, tookMs } = await verified({ wishes: web, states: { web: [now] }, verify: { runningMs: 15_000 } });
  assert.equal(health.passed, true);
  assert.equal(tookMs, 15_000);
});

test("verifyDeployment() counts from the last start, so that a container that restarts does not pass", async () => {
  const later = { startedAt: "2026-01-02T03:04:06Z", restartCount: 1 };
  const restarting = { status: "restarting", exitCode: 1, restartCount: 1 } as const;
  const { health, tookMs } = await verified({
    wishes: { services: { web: { restart: { name: "always" } } } },
    states: { web: [now, restarting, later] },
    verify: { runningMs: 5000 },
  });
  assert.equal(health.passed, true);
  assert.equal(tookMs, 6000);
});

test("verifyDeployment() fails on a container that restarts again and again, at the end of its time", async () => {
  const { health, tookMs } = await verified({
    wishes: { services: { web: { restart: { name: "always" } } } },
    states: { web: [{ status: "restarting", exitCode: 1 }] },
    verify: { timeoutMs: 10_000 },
  });
  assert.deepEqual(failures(health), ["service/web: restarts again and again: it exited with 1"]);
  assert.equal(tookMs, 10_000);
});

test("verifyDeployment() fails at once on a container that exited and is not restarted", async () => {
  const { health, tookMs } = await verified({
    wishes: { services: { web: {}, db: {} } },
    states: { web: [{ status: "exited", exitCode: 3 }], db: [now] },
    verify: { runningMs: 15_000 },
  });
  assert.deepEqual([health.healthy, health.passed, tookMs], [false, false, 0]);
  assert.match(failures(health).join(), /service\/web: exited with 3/);
});

test("verifyDeployment() tells the last words of what failed, what its exit means, and no secrets", async () => {
  const killed = { status: "exited", exitCode: 137, oomKilled: true, error: "with hunter22" } as const;
  const { health } = await verified({
    wishes: web,
    states: { web: [killed] },
    log: ["starting with hunter22", "out of memory"],
  });
  assert.deepEqual(failures(health), [
    "service/web: exited with 137 (out of memory: the kernel killed it at its memory limit): with ‹masked›",
  ]);
  assert.match(health.failures[0]!.hint, /raise the memory limit in git/);
  assert.deepEqual(health.failures[0]!.log, { lines: ["starting with ‹masked›", "out of memory"] });
});

test("verifyDeployment() takes a job that ended with 0 for done", async () => {
  const { health } = await verified({ wishes: web, states: { web: [{ status: "exited", exitCode: 0 }] } });
  assert.deepEqual([health.passed, health.running], [true, 1]);
});

test("verifyDeployment() waits for health checks, and fails when one fails to the end", async () => {
  const starting = await verified({ wishes: web, states: { web: [{ health: "starting" }, { health: "healthy" }] } });
  assert.equal(starting.health.passed, true);
  const failing = await verified({
    wishes: web,
    states: { web: [{ health: "unhealthy" }] },
    verify: { timeoutMs: 5000 },
  });
  assert.deepEqual(failures(failing.health), ["service/web: its health check fails"]);
});

test("verifyDeployment() fails where a container is gone", async () => {
  const { health } = await verified({ wishes: { services: { web: {}, db: {} } }, states: { db: [{}] } });
  assert.deepEqual(failures(health), ["service/web: its container is gone"]);
  assert.doesNotMatch(health.failures[0]!.hint, /docker logs/, "there is no container whose log could be read");
});

test("verifyDeployment() asks nothing of a service that is to be stopped", async () => {
  const { health } = await verified({
    wishes: { services: { web: {}, batch: { desired: "stopped" } } },
    states: { web: [{}], batch: [{ status: "exited", exitCode: 1 }] },
  });
  assert.deepEqual([health.passed, health.running], [true, 1]);
});

const published: Wishes = {
  services: {
    web: {
      ports: [
        { target: 80, protocol: "tcp", hostIp: "", published: "8080" },
        { target: 81, protocol: "tcp", hostIp: "127.0.0.2", published: "8081" },
        { target: 53, protocol: "udp", hostIp: "", published: "5353" },
      ],
    },
  },
};

test("verifyDeployment() connects to every published TCP port, where the manifest names none", async () => {
  const probe = answeringAfter(1);
  const { health } = await verified({ wishes: published, states: { web: [{}] }, probe });
  assert.deepEqual(probe.knocked.sort(), ["127.0.0.1:8080", "127.0.0.2:8081"]);
  assert.deepEqual(health.ports.map(({ address }) => address), ["8080", "127.0.0.2:8081"]);
});

test("verifyDeployment() asks no port where the manifest's list is empty", async () => {
  const probe = answeringAfter(1);
  const { health } = await verified({ wishes: published, states: { web: [{}] }, verify: { ports: [] }, probe });
  assert.deepEqual([health.passed, health.ports, probe.knocked], [true, [], []]);
});

test("verifyDeployment() does not expect all of a long range to answer, nor other protocols, and says so", async () => {
  const range = Array.from({ length: 11 }, (_, index) => String(21_000 + index));
  const few = ["22001", "22002"];
  const tcp = [...range, ...few].map((port) => ({
    target: Number(port),
    protocol: "tcp",
    hostIp: "",
    published: port,
  }));
  const udp = { target: 53, protocol: "udp", hostIp: "", published: "53" };
  const { health } = await verified({ wishes: { services: { web: { ports: [...tcp, udp] } } }, states: { web: [{}] } });
  assert.deepEqual(health.ports.map(({ address }) => address), few);
  assert.deepEqual(health.unasked, ["21000-21010", "53/udp"]);
});

test("verifyDeployment() expects nobody at a port that the Engine leaves out beside the host's network", async () => {
  const ports = [{ target: 80, protocol: "tcp", hostIp: "", published: "8080" }];
  const wishes: Wishes = { services: { web: { networkMode: "host", networks: [], ports } } };
  const probe = answeringAfter(Infinity);
  const { health } = await verified({ wishes, states: { web: [{}] }, probe });
  assert.deepEqual([health.passed, probe.knocked], [true, []]);
});

test("verifyDeployment() connects to the manifest's ports instead, until they answer", async () => {
  const probe = answeringAfter(3);
  const { health, tookMs } = await verified({
    wishes: published,
    states: { web: [{}] },
    verify: { ports: [443] },
    probe,
  });
  assert.deepEqual([...new Set(probe.knocked)], ["127.0.0.1:443"]);
  assert.deepEqual([health.passed, health.ports], [true, [{ address: "443", answered: true }]]);
  assert.equal(tookMs > 0, true);
});

test("verifyDeployment() fails on a port that does not answer: healthy, and yet not verified", async () => {
  const { health, tookMs } = await verified({
    wishes: published,
    states: { web: [{}] },
    verify: { ports: [443], timeoutMs: 5000 },
    probe: answeringAfter(Infinity),
  });
  assert.deepEqual([health.healthy, health.passed], [true, false]);
  assert.deepEqual(failures(health), ["port/443: does not answer"]);
  assert.equal(tookMs, 5000);
});

test("verifyDeployment() does not knock while a container is in trouble", async () => {
  const probe = answeringAfter(1);
  await verified({ wishes: published, states: { web: [{ status: "exited", exitCode: 1 }] }, probe });
  assert.deepEqual(probe.knocked, []);
});

const secure = { url: "https://gate.example.com/", certificate: "bundle" } as const;

function bundleWith(fingerprint: string): PemFactsByPath {
  const certificate = { fingerprint } as CertificateFact;
  return new Map([["certs/gate.crt", { certificates: [certificate], privateKeys: [], damaged: [] }]]);
}

test("verifyDeployment() passes where a URL shows a certificate of the bundle", async () => {
  const probe: Probe = {
    ...answering,
    asks: () => Promise.resolve({ status: 404, certificate: { fingerprint: "aa", name: "gate.example.com" } }),
  };
  const verify = { http: [secure] };
  const { health } = await verified({
    wishes: published,
    states: { web: [{}] },
    verify,
    probe,
    keyPems: bundleWith("aa"),
  });
  assert.equal(health.passed, true);
  assert.deepEqual(health.http, [{ url: secure.url, answered: true, certified: true }]);
});

test("verifyDeployment() fails where a URL shows another certificate than the bundle's, and names it", async () => {
  const probe: Probe = {
    ...answering,
    asks: () => Promise.resolve({ status: 200, certificate: { fingerprint: "bb", name: "old.example.com" } }),
  };
  const verify = { http: [secure] };
  const { health } = await verified({
    wishes: published,
    states: { web: [{}] },
    verify,
    probe,
    keyPems: bundleWith("aa"),
  });
  assert.equal(health.passed, false);
  assert.deepEqual(failures(health), [
    'https://gate.example.com/: shows certificate "old.example.com" (bb…), needed one of the 1 in the bundle',
  ]);
});

test("verifyDeployment() asks a URL again until it answers, and says why it did not", async () => {
  let asked = 0;
  const late: Probe = {
    ...answering,
    asks: () => Promise.resolve(++asked < 3 ? { failure: "ECONNREFUSED" } : { status: 200 }),
  };
  const verify = { http: [{ url: "http://gate.example.com/" }] };
  assert.equal((await verified({ wishes: published, states: { web: [{}] }, verify, probe: late })).health.passed, true);
  const never: Probe = { ...answering, asks: () => Promise.resolve({ failure: "ECONNREFUSED" }) };
  const { health } = await verified({ wishes: published, states: { web: [{}] }, verify, probe: never });
  assert.deepEqual(failures(health), ["http://gate.example.com/: does not answer: ECONNREFUSED"]);
});

test("verifyDeployment() fails on a container that is removed while it is looked at", async () => {
  const { health } = await verified({ wishes: web, states: {} });
  assert.equal(health.passed, false);
  assert.deepEqual(failures(health), ["service/web: its container is gone"]);
});
