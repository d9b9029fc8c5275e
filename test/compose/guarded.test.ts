import assert from "node:assert/strict";
import { test } from "node:test";
import { desiredState } from "../../src/compose/desired.ts";
import { digestKey } from "../../src/model/digest.ts";
import type { GuardedPaths } from "../../src/model/guarded.ts";
import { loadTexts } from "./_load-text.ts";

const state = "/var/lib/holdfast";
const own = `${state}/shop/checkout`;
const guarded: GuardedPaths = {
  paths: [
    { path: "/run/holdfast/holdfast.sock", what: "the agent's control socket", around: "guarded" },
    { path: "/run/holdfast/other", what: 'keys and secrets of deployment "other"', around: "guarded" },
    { path: "/run/holdfast", what: "the agent's runtime folder", around: "guarded" },
    { path: state, what: "the agent's state folder", around: "guarded" },
    { path: "/srv/other", what: 'the checkout of deployment "other"', around: "open" },
    { path: "/etc/holdfast/passphrase", what: 'a secret of deployment "other"', around: "open" },
  ],
  own: [own, "/run/holdfast/shop"],
};

function refusals(text: string): readonly string[] {
  const { project, issues } = loadTexts({ "compose.yaml": text }, { root: own });
  assert.ok(project, JSON.stringify(issues));
  return desiredState(project, {
    folders: { checkout: own, project: own, keys: `${own}/keys`, secrets: "/run/holdfast/shop/secrets" },
    files: new Map([["a.conf", { mode: "file", oid: "a", bytes: new Uint8Array() }]]),
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)),
    guarded,
  }).issues.filter(({ code }) => code === "BIND_GUARDED").map(({ message, position }) =>
    `${position?.line} ${message}`
  );
}

const bind = (source: string): string => `services:\n  a:\n    image: x\n    volumes:\n      - ${source}:/x\n`;

for (
  const [source, says] of [
    ["/run/holdfast/holdfast.sock", "is the agent's control socket"],
    ["/run/holdfast/other/keys/tls.key", 'lies in keys and secrets of deployment "other"'],
    ["/run/holdfast", "holds the agent's control socket"],
    ["/run", "holds the agent's control socket"],
    ["/", "holds the agent's control socket"],
    ["/var/run/holdfast/other", 'is keys and secrets of deployment "other"'],
    ["/run//holdfast/./shop/../other", 'is keys and secrets of deployment "other"'],
    ["/proc/1/root/run/holdfast/other", 'is keys and secrets of deployment "other"'],
    ["/proc/self/root/proc/1/root/var/lib/holdfast/digest.key", "lies in the agent's state folder"],
    [`${state}/other/checkout`, "lies in the agent's state folder"],
    [`${state}/shop/ledger.json`, "lies in the agent's state folder"],
    [`${own}/../../other`, "lies in the agent's state folder"],
    ["/srv/other/keys-generated", 'lies in the checkout of deployment "other"'],
    ["/etc/holdfast/passphrase", 'is a secret of deployment "other"'],
  ] as const
) {
  test(`desiredState() refuses a bind of ${source} at its line`, () => {
    const [first, ...more] = refusals(bind(source));
    assert.ok(first?.startsWith("5 services.a.volumes[0].source is") && first.endsWith(says), first);
    assert.deepEqual(more, []);
  });
}

for (
  const [name, text, line] of [
    ["a volume with a device", "device: /run/holdfast/other", 6],
    ["a volume of layers", "o: 'lowerdir=/a:/run/holdfast,upperdir=/b'", 6],
  ] as const
) {
  test(`desiredState() refuses ${name} that is a guarded folder`, () => {
    const volume =
      `services: {a: {image: x, volumes: ["data:/x"]}}\nvolumes:\n  data:\n    driver: local\n    driver_opts:\n      ${text}\n`;
    assert.deepEqual(refusals(volume).map((message) => message.split(" ")[0]), [String(line)]);
  });
}

for (const kind of ["configs", "secrets"]) {
  test(`desiredState() refuses ${kind} whose file is guarded`, () => {
    const text = `services: {a: {image: x, ${kind}: [c]}}\n${kind}:\n  c:\n    file: /run/holdfast/other/keys/a\n`;
    assert.match(refusals(text).join(), new RegExp(`^4 ${kind}\\.c\\.file is .* lies in keys and secrets`));
  });
}

for (
  const source of [
    "./a.conf",
    own,
    "./keys",
    "/run/holdfast/shop/keys",
    "/run/holdfaster",
    "/srv",
    "/etc",
    "/var/lib/data",
  ]
) {
  test(`desiredState() leaves alone what is the deployment's own or nobody's: ${source}`, () => {
    assert.deepEqual(refusals(bind(source)), []);
  });
}
