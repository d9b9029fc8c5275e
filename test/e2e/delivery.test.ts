import assert from "node:assert/strict";
import { statfsSync } from "node:fs";
import { after, test } from "node:test";
import { output } from "../support/command.ts";
import { createHost, keyText, manifest } from "./host.ts";
import { apply, assertConverged, look } from "./judge.ts";

const host = await createHost("delivery");
after(() => host.dispose());

const TMPFS = 0x01021994; // linux/magic.h
const token = "a token that a variable takes from the bundle";

const deliveries = [
  { path: "/motd", owner: "0:0", mode: "444", text: "written in the Compose file\n", on: "tmpfs" },
  { path: "/etc/site.html", owner: "65534:101", mode: "440", text: "<p>a file of git</p>\n", on: "tmpfs" },
  { path: "/run/secrets/token", owner: "0:0", mode: "444", text: token, on: "tmpfs" },
  { path: "/run/secrets/mine", owner: "1000:1000", mode: "400", text: token, on: "tmpfs" },
  { path: "/run/secrets/api.key", owner: "65534:65534", mode: "400", text: keyText, on: "tmpfs" },
  { path: "/run/secrets/plain", owner: "0:0", mode: "644", text: "<p>a file of git</p>\n", on: "checkout" },
] as const;

const compose = (motd: string): string =>
  `services:
  api:
    image: ${host.project}/sleeper:1
    restart: unless-stopped
    configs:
      - motd
      - { source: site, target: /etc/site.html, uid: "65534", gid: "101", mode: 0440 }
    secrets:
      - token
      - { source: token, target: mine, uid: "1000", gid: "1000", mode: 0400 }
      - api.key
      - plain
  other:
    image: ${host.project}/sleeper:1
    restart: unless-stopped
configs:
  motd: { content: "${motd}\\n" }
  site: { file: site/part.html }
secrets:
  token: { environment: TOKEN }
  api.key: { file: keys/api.key }
  plain: { file: site/part.html }
`;

test("configs and secrets reach their containers as read-only files with the owner and mode that git asks for", async () => {
  await host.push({
    "site/part.html": "<p>a file of git</p>\n",
    "compose.yaml": compose("written in the Compose file"),
    "holdfast.yaml": `${
      manifest(host).replace(
        "keys.tar.gpg }",
        'keys.tar.gpg, files: [{ match: "api.key", uid: 65534, gid: 65534, mode: "0400" }] }',
      )
    }environment: { TOKEN: { key: token } }\n`,
    "keys.tar.gpg": await host.seal({ "api.key": keyText, token }),
  });
  await apply(host);
  const { Id, Mounts } = (await look(host)).get("api")!;
  for (const { path, owner, mode, text, on } of deliveries) {
    const stat = await inContainer(Id, "stat", "-c", "%u:%g %a", path);
    assert.deepEqual([path, stat.trim(), await inContainer(Id, "cat", path)], [path, `${owner} ${mode}`, text]);
    const mount = Mounts.find(({ Destination }) => Destination === path)!;
    assert.deepEqual([path, mount.RW, statfsSync(mount.Source).type === TMPFS], [path, false, on === "tmpfs"]);
  }
  await assertConverged(host);
});

test("a config whose text moved in git replaces exactly the containers that have it", async () => {
  const before = await look(host);
  await host.push({ "compose.yaml": compose("written anew") });
  await apply(host);
  const now = await look(host);
  assert.equal(now.get("other")!.Id, before.get("other")!.Id);
  assert.notEqual(now.get("api")!.Id, before.get("api")!.Id);
  assert.equal(await inContainer(now.get("api")!.Id, "cat", "/motd"), "written anew\n");
  await assertConverged(host);
});

async function inContainer(id: string, ...command: string[]): Promise<string> {
  const docker = ["--host", `unix://${host.engine.socket}`, "exec", id, "/bin/busybox", ...command];
  return (await output("docker", docker)).toString();
}
