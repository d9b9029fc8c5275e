import assert from "node:assert/strict";
import { test } from "node:test";
import { engineSocket } from "../../../policies/baseline/engine-socket.ts";
import { judge } from "../../support/policies.ts";

const bind = (source: string) => ({
  services: { web: { volumes: [{ type: "bind", source, target: "/x", read_only: true }] } },
});

for (
  const source of [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run",
    "/var/run/",
    "/var/../run",
    "/",
    "/run/containerd",
  ]
) {
  test(`engine-socket denies a bind of "${source}"`, () => {
    const said = judge(engineSocket, bind(source));
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^denied service\/web: .*sock/);
  });
}

for (const source of ["/run/app.sock", "/var/run/docker.sock.d", "/srv/demo/run", "/var/runner"]) {
  test(`engine-socket lets a bind of "${source}" through`, () =>
    assert.deepEqual(judge(engineSocket, bind(source)), []));
}

test("engine-socket sees through a volume that is a bind, and a secret that is the socket", () => {
  const said = judge(engineSocket, {
    services: {},
    volumes: { data: { driver_opts: { type: "none", o: "bind,ro", device: "/var/run" } } },
    secrets: { socket: { file: "/run/docker.sock" } },
  });
  assert.deepEqual(said, [
    `denied secret/socket: "/run/docker.sock" is the socket of the Engine, needed a mount without it`,
    `denied volume/data: "/var/run" holds "/var/run/docker.sock", needed a mount without it`,
  ]);
});
