import assert from "node:assert/strict";
import { test } from "node:test";
import { keysUnit, serviceUnit, type UnitOptions } from "../../../src/adapters/systemd/units.ts";
import { assertGolden } from "../../support/golden.ts";

const usual: UnitOptions = {
  binary: "/usr/local/bin/holdfast",
  config: "/etc/holdfast/agent.yaml",
  state: "/var/lib/holdfast",
  runtime: "/run/holdfast",
  checkouts: [],
  systemdVersion: 252,
};

test("serviceUnit() is the service as it is installed", () => {
  assertGolden("systemd/holdfast.service", serviceUnit(usual));
});

test("keysUnit() is the service that places the keys before Docker starts", () => {
  assertGolden("systemd/holdfast-keys.service", keysUnit(usual));
});

test("units let the agent write to folders that are not systemd's own", () => {
  const text = serviceUnit({ ...usual, state: "/srv/state", runtime: "/mnt/keys", checkouts: ["/srv/mender-server"] });
  assert.match(text, /^ReadWritePaths=-\/srv\/state -\/mnt\/keys -\/srv\/mender-server$/m);
  assert.match(text, /^RequiresMountsFor=\/etc\/holdfast \/srv\/state \/mnt\/keys \/srv\/mender-server$/m);
  assert.equal(/^(State|Runtime)Directory=/m.test(text), false);
});

test("units keep the host's own /dev for a runtime folder below it", () => {
  const text = serviceUnit({ ...usual, runtime: "/dev/shm/holdfast" });
  assert.match(text, /^DevicePolicy=closed$/m);
  assert.equal(text.includes("PrivateDevices"), false);
});

test("units write paths as systemd reads them", () => {
  const text = serviceUnit({ ...usual, checkouts: ["/srv/50% of it", '/srv/a"b'] });
  assert.match(text, /^ReadWritePaths="-\/srv\/50%% of it" "-\/srv\/a\\"b"$/m);
});

test("units pause longer and longer between restarts where systemd can", () => {
  assert.match(serviceUnit({ ...usual, systemdVersion: 254 }), /^RestartMaxDelaySec=5min$/m);
  assert.equal(serviceUnit(usual).includes("RestartSteps"), false);
});
