import assert from "node:assert/strict";
import { test } from "node:test";
import { baseline } from "../../../policies/baseline/pack.ts";
import type { ComposeService } from "../../../src/model/compose.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { judge, policyInput, verdictLine } from "../../support/policies.ts";

interface Case {
  readonly policy: string;
  /** What the one service `web` holds, and what is said of it: nothing, when it is let through. */
  readonly web: ComposeService;
  readonly says?: RegExp;
}

const bind = (source: string, more: object = {}): ComposeService => ({
  volumes: [{ type: "bind", source, target: "/x", ...more }],
});
const port = (published: string, more: object = {}): ComposeService => ({
  ports: [{ mode: "ingress", target: 80, published, protocol: "tcp", ...more }],
});

const cases: readonly Case[] = [
  { policy: "api-socket", web: { use_api_socket: true }, says: /^denied service\/web: "use_api_socket" is true/ },
  { policy: "api-socket", web: { use_api_socket: false } },
  { policy: "host-network", web: { network_mode: "host" }, says: /^denied service\/web: "network_mode" is "host"/ },
  { policy: "host-network", web: { network_mode: "service:db" } },
  { policy: "host-pid", web: { pid: "host" }, says: /^denied .* "pid" is "host"/ },
  { policy: "host-pid", web: { pid: "service:db" } },
  { policy: "host-ipc", web: { ipc: "host" }, says: /^denied .* "ipc" is "host"/ },
  { policy: "host-ipc", web: { ipc: "shareable" } },
  { policy: "host-uts", web: { uts: "host" }, says: /^denied .* "uts" is "host"/ },
  { policy: "host-uts", web: {} },
  { policy: "host-userns", web: { userns_mode: "host" }, says: /^denied .* "userns_mode" is "host"/ },
  { policy: "host-userns", web: {} },
  { policy: "host-cgroup", web: { cgroup: "host" }, says: /^denied .* "cgroup" is "host"/ },
  { policy: "host-cgroup", web: { cgroup: "private" } },
  { policy: "cgroup-parent", web: { cgroup_parent: "/system.slice" }, says: /^denied .* "cgroup_parent" is set/ },
  { policy: "cgroup-parent", web: {} },
  {
    policy: "capabilities",
    web: { cap_add: ["NET_BIND_SERVICE", "CAP_SYS_ADMIN"] },
    says: /^denied .* "CAP_SYS_ADMIN"/,
  },
  { policy: "capabilities", web: { cap_add: ["all"] }, says: /^denied .* "all" leads to the host/ },
  { policy: "capabilities", web: { cap_add: ["NET_BIND_SERVICE", "CHOWN"], cap_drop: ["ALL"] } },
  { policy: "seccomp", web: { security_opt: ["seccomp:unconfined"] }, says: /^denied .* "seccomp:unconfined" turns/ },
  { policy: "seccomp", web: { security_opt: ["seccomp=profile.json", "no-new-privileges:true"] } },
  {
    policy: "apparmor",
    web: { security_opt: ["apparmor=unconfined"] },
    says: /^denied .* "apparmor=unconfined" turns/,
  },
  { policy: "apparmor", web: { security_opt: ["apparmor=docker-default"] } },
  { policy: "selinux-label", web: { security_opt: ["label:disable"] }, says: /^denied .* "label:disable" turns/ },
  { policy: "selinux-label", web: { security_opt: ["label:type:svirt"] } },
  {
    policy: "devices",
    web: { devices: [{ source: "/dev/sda", target: "/dev/sda" }] },
    says: /^denied .* "\/dev\/sda"/,
  },
  { policy: "devices", web: { devices: [] } },
  { policy: "host-path", web: bind("/etc", { read_only: true }), says: /^denied .* "\/etc" belongs/ },
  { policy: "host-path", web: bind("/etc/localtime"), says: /^denied .* "\/etc\/localtime" belongs/ },
  { policy: "host-path", web: bind("/"), says: /^denied .* "\/" belongs/ },
  { policy: "host-path", web: bind("/usr/../root/.bashrc"), says: /^denied .* "\/root\/\.bashrc" belongs/ },
  { policy: "host-path", web: bind("/etc/localtime", { read_only: true }) },
  { policy: "host-path", web: bind("/srv/demo/etc") },
  { policy: "host-path", web: bind("/etcetera") },
  {
    policy: "home-secrets",
    web: bind("/home/ops/.ssh/id_ed25519"),
    says: /^denied .* holds an operator's credentials/,
  },
  { policy: "home-secrets", web: bind("/home/ops/ssh") },
  {
    policy: "mount-propagation",
    web: bind("/srv/x", { bind: { propagation: "rshared" } }),
    says: /^denied .* "rshared", needed a private mount/,
  },
  { policy: "mount-propagation", web: bind("/srv/x", { bind: { propagation: "rprivate" } }) },
  { policy: "container-name", web: { container_name: "-web" }, says: /^denied .* "-web" is no name/ },
  { policy: "container-name", web: { container_name: "web_1" } },
  {
    policy: "plaintext-secret",
    web: { environment: { DB_PASSWORD: "hunter2" } },
    says: /^warned .* "DB_PASSWORD" holds/,
  },
  { policy: "plaintext-secret", web: { environment: { DB: "pg://a:hunter2@db/a" } }, says: /^warned .* "DB" holds/ },
  { policy: "plaintext-secret", web: { labels: { "api.token": "hunter2" } }, says: /^warned .* "api\.token" holds/ },
  {
    policy: "plaintext-secret",
    web: { environment: { DB_PASSWORD_FILE: "/run/secrets/db", TOKEN: "", USE_KEY: "true" } },
  },
  { policy: "memory-limit", web: {}, says: /^warned .* No memory limit/ },
  { policy: "memory-limit", web: { mem_limit: "536870912" } },
  { policy: "memory-limit", web: { deploy: { resources: { limits: { memory: "536870912" } } } } },
  { policy: "port-interface", web: port("8080"), says: /^warned .* Port 8080 is published on every address/ },
  { policy: "port-interface", web: port("8080", { host_ip: "127.0.0.1" }) },
  { policy: "port-interface", web: port("443") },
  { policy: "restart-policy", web: { restart: "no" }, says: /^warned .* No restart policy/ },
  { policy: "restart-policy", web: { restart: "on-failure:3" } },
  { policy: "log-rotation", web: { logging: { options: { "max-file": "3" } } }, says: /^warned .* needed "max-size"/ },
  { policy: "log-rotation", web: { logging: { driver: "json-file", options: { "max-size": "50m" } } } },
  { policy: "log-rotation", web: { logging: { driver: "journald" } } },
];

function policyOf(id: string) {
  const policy = baseline.policies.find((candidate) => candidate.id === id);
  assert.ok(policy, `no policy ${id}`);
  return policy;
}

for (const { policy, web, says } of cases) {
  test(`${policy} ${says ? "speaks up at" : "lets through"} ${JSON.stringify(web)}`, () => {
    const said = judge(policyOf(policy), { services: { web } });
    assert.equal(said.length, says ? 1 : 0, said.join("\n"));
    if (says) assert.match(said[0]!, says);
    assert.ok(!said.join().includes("hunter2"));
  });
}

test("container-name denies the second service of a name", () => {
  const services = { a: { container_name: "one" }, b: { container_name: "one" } };
  assert.deepEqual(judge(policyOf("container-name"), { services }), [
    `denied service/b: "one" is the name of service "a" too, needed another`,
  ]);
});

test("published-port denies the second service on a port, address by address", () => {
  const services = {
    a: port("80", { host_ip: "127.0.0.1" }),
    b: port("80", { host_ip: "127.0.0.2" }),
    c: port("80"),
    d: port("80", { protocol: "udp" }),
    e: port("8000-8005"),
    f: port("8000-8005"),
  };
  assert.deepEqual(judge(policyOf("published-port"), { services }), [
    `denied service/c: "80/tcp" is published by service "a" already`,
  ]);
});

test("plaintext-secret leaves a value from the bundle alone", () => {
  const services = { web: { environment: { DB_PASSWORD: "hunter2" } } };
  const secretPaths = ["services.web.environment.DB_PASSWORD"];
  assert.deepEqual(judge(policyOf("plaintext-secret"), { services, secretPaths }), []);
});

test("baseline has a test for each of its policies, and gives each its words", () => {
  const elsewhere = ["engine-socket", "image-tag", "privileged", "published-port"];
  const tested = new Set([...cases.map(({ policy }) => policy), ...elsewhere]);
  assert.deepEqual(baseline.policies.map(({ id }) => id).filter((id) => !tested.has(id)), []);
  for (const { id, title, reason, source, remedy } of baseline.policies) {
    assert.ok(title && reason && source && remedy, id);
  }
});

test("baseline has nothing to say of a careful service", () => {
  const web: ComposeService = {
    image: "nginx:1.27.5",
    restart: "unless-stopped",
    mem_limit: "268435456",
    logging: { driver: "local" },
    ports: [{ mode: "ingress", target: 443, published: "443", protocol: "tcp" }],
    volumes: [{ type: "bind", source: "/srv/demo/site", target: "/usr/share/nginx/html", read_only: true }],
  };
  assert.deepEqual(evaluate(policyInput({ services: { web } }, { packs: [baseline] })).map(verdictLine), []);
});
