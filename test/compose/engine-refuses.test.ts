import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText } from "./_check-text.ts";

/** One line of a service below `image`, which Compose takes and the Engine 28.5 refused in `docker compose up`. */
const refused: readonly (readonly [line: string, hint?: RegExp])[] = [
  ["container_name: ab/c d", /letters/],
  ["cap_add: [NET_ADMN]", /"NET_ADMIN"/],
  ["cap_drop: [FOO]", /NET_ADMIN/],
  ['ports: [{ target: 80, published: "70000" }]', /8080/],
  ['ports: [{ target: 80, published: "90-80" }]', /8000-8010/],
  ["ports: [{ target: 70000 }]", /listens/],
  ["ports: [{ target: 80, protocol: tpc }]", /"tcp"/],
  ['environment: ["=x"]', /NAME=value/],
  ["stop_signal: SIGTREM", /"SIGTERM"/],
  ["cpuset: 3-0", /0-2,4/],
  ["sysctls: { vm.max_map_count: 262144 }", /on the host/],
  ["sysctls: { kernel.msgmx: 5 }", /"kernel.msgmax"/],
  ["healthcheck: { test: [CMD, a], interval: 100us }", /10s/],
  ["healthcheck: { test: [CMD, a], timeout: -1s }", /10s/],
  ['pid: "hots"', /"host"/],
  ["ipc: sharable", /"shareable"/],
  ["uts: hots", /"host"/],
  ["isolation: hyperv", /away/],
  ["logging: { driver: json-fil }", /"json-file"/],
  ["logging: { driver: json-file, options: { max-sizes: 10m } }", /"max-size"/],
  ["logging: { driver: json-file, options: { max-size: ten } }", /10m/],
  ["logging: { driver: json-file, options: { max-file: x } }", /"3"/],
  ["logging: { driver: json-file, options: { compress: maybe } }", /"true"/],
  ["logging: { driver: local, options: { tag: x } }", /max-size/],
  ["volumes: [{ type: bind, source: /tmp, target: /b, bind: { propagation: rslav } }]", /"rslave"/],
  ["volumes: [{ type: bind, source: /tmp, target: /a:b }]", /another name/],
  ['volumes: ["/tmp:/"]', /folder/],
  ["volumes: ['C:\\data:/data']", /Linux host/],
  ['tmpfs: ["/a:foo"]', /size=64m/],
  ['tmpfs: ["/a:size=x"]', /size=64m/],
  ["tmpfs: [a]", /whole path/],
  ["devices: [foo]", /\/dev/],
  ["device_cgroup_rules: [x]", /MAJOR/],
  ["dns: 1.2.3", /address/],
  ['extra_hosts: ["a:999.1.1.1"]', /host-gateway/],
  ["mem_limit: 4m", /6m/],
  ["deploy: { resources: { limits: { memory: 4m } } }", /6m/],
  ["memswap_limit: 64m", /mem_limit/],
  ["mem_swappiness: 101", /0 to 100/],
  ["cpus: -1", /0\.5/],
  ["cpu_period: 10", /100000/],
  ["cpu_quota: 10", /50000/],
  ["cpu_shares: -1", /1024/],
  ["shm_size: -1", /64m/],
  ["ulimits: { nofil: 5 }", /"nofile"/],
  ["ulimits: { nofile: { soft: 10, hard: 5 } }", /hard/],
  ["working_dir: srv", /whole path/],
  [`hostname: ${"a".repeat(65)}`, /shorter/],
  ["platform: linx", /"linux"/],
  ["platform: linux/a/b/c", /OS\/ARCHITECTURE/],
  ["security_opt: [apparmour:x]", /"apparmor"/],
  ["security_opt: [no-new-privileges:maybe]", /true/],
  ["networks: { default: { ipv4_address: 10.9.0.5 } }", /subnet/],
  ["networks: { default: { link_local_ips: [x] } }", /169/],
  ["deploy: { restart_policy: { condition: on-failur } }", /"on-failure"/],
  ["restart: unless-stoped", /"unless-stopped"/],
];

for (const [line, hint = /./] of refused) {
  test(`desiredState() refuses at its line, before the Engine does: ${line}`, () => {
    const errors = checkText(`services:\n  web:\n    image: web:1\n    ${line}\n`);
    assert.deepEqual(errors.map(({ severity, position }) => `${severity} ${position?.line}`), ["error 4"]);
    assert.match(errors[0]!.hint ?? "", hint);
  });
}

for (
  const [image, hint] of [["Web:1", /lower case/], ["web:1 2", /NAME:TAG/], ["http://x/y", /without https/], [
    "web:",
    /variable/,
  ]] as const
) {
  test(`desiredState() refuses the image "${image}"`, () => {
    const errors = checkText(`services:\n  web:\n    image: "${image}"\n`);
    assert.deepEqual(errors.map(({ code, position }) => `${code} ${position?.line}`), ["COMPOSE_VALUE 3"]);
    assert.match(errors[0]!.hint ?? "", hint);
  });
}

/** Two lines that exclude each other; the issue is at the second. */
const exclusive: readonly (readonly [first: string, second: string])[] = [
  ["mem_limit: 64m", "mem_reservation: 128m"],
  ["mem_limit: 64m", "memswap_limit: 32m"],
  ["cpus: 1", "cpu_period: 50000"],
  ["cpus: 1", "cpu_quota: 50000"],
  ["network_mode: service:db", 'ports: ["80:80"]'],
  ["network_mode: service:db", "expose: [80]"],
  ["network_mode: service:db", "hostname: web"],
  ["network_mode: service:db", "dns: 192.0.2.53"],
  ["network_mode: service:db", 'extra_hosts: ["a:192.0.2.1"]'],
  ["network_mode: service:db", "links: [db]"],
  ["network_mode: host", "links: [db]"],
  ["network_mode: host", "sysctls: { net.core.somaxconn: 1024 }"],
  ["uts: host", "hostname: web"],
  ["ipc: host", "sysctls: { kernel.msgmax: 65536 }"],
];

for (const [first, second] of exclusive) {
  test(`desiredState() refuses "${second}" beside "${first}"`, () => {
    const text = `services:\n  web:\n    image: web:1\n    ${first}\n    ${second}\n  db: { image: db:1 }\n`;
    const errors = checkText(text);
    assert.deepEqual(errors.map(({ severity, position }) => `${severity} ${position?.line}`), ["error 5"]);
    assert.ok(errors[0]!.hint);
  });
}

/** What the Engine runs, though not as it reads. */
const warned: readonly (readonly [lines: string, warning: string])[] = [
  ['network_mode: host\n    ports: ["80:80"]', "5 COMPOSE_CONFLICT"],
  ['network_mode: none\n    ports: ["80:80"]', "5 COMPOSE_CONFLICT"],
  ["network_mode: hots", "4 COMPOSE_VALUE"],
  ["ports: [{ target: 80, mode: hots }]", "4 COMPOSE_VALUE"],
];

for (const [lines, warning] of warned) {
  test(`desiredState() warns of ${lines.replaceAll(/\s+/g, " ")}`, () => {
    const issues = checkText(`services:\n  web:\n    image: web:1\n    ${lines}\n`);
    assert.deepEqual(issues.map(({ code, severity, position }) => `${severity} ${position?.line} ${code}`), [
      `warning ${warning}`,
    ]);
  });
}

/** What the Engine 28.5 ran, or only a host can tell. */
const accepted: readonly string[] = [
  "cap_add: [net_admin, CAP_SYS_PTRACE, ALL]",
  "stop_signal: term",
  'stop_signal: "99"',
  "stop_signal: SIGRTMIN+3",
  "sysctls: { net.core.somaxconn: 1024, kernel.msgmax: 65536 }",
  "healthcheck: { test: [CMD, a], interval: 0s }",
  "mac_address: 02-42-ac-11-00-02",
  "mac_address: 0242.ac11.0002",
  "memswap_limit: -1",
  "pid: service:web2",
  "isolation: default",
  "tmpfs: ['/a:size=64m,mode=1777,noexec', '/b:size=10%']",
  "extra_hosts: ['a:host-gateway', 'b:::1']",
  "security_opt: ['no-new-privileges:true', seccomp=unconfined, 'label:disable']",
  "logging: { driver: loki, options: { loki-url: x } }",
  "runtime: nvidia",
  "ulimits: { nofile: { soft: 1, hard: -1 }, memlock: -1 }",
  "devices: ['vendor.com/class=name', '/dev/null']",
  'expose: [""]',
  'tmpfs: ["/a:defaults"]',
  'dns: "fe80::1%eth0"',
  "network_mode: host\n    dns: 192.0.2.53\n    expose: [80]",
];

for (const line of accepted) {
  test(`desiredState() leaves alone what runs: ${line}`, () => {
    const text = `services:\n  web:\n    image: web:1\n    ${line}\n  web2: { image: "reg.example:5000/a/b:c" }\n`;
    assert.deepEqual(checkText(text), []);
  });
}

test("desiredState() says nothing of a value that a closed key decides", () => {
  assert.deepEqual(checkText("services: { web: { image: 'web:‹key tag›', stop_signal: '‹key signal›' } }"), []);
});

test("desiredState() refuses a container name that a container of another service gets without one", () => {
  const text = (name: string) =>
    `services:\n  db: { image: "db:1", container_name: ${name} }\n  web: { image: "web:1", scale: 2 }\n`;
  const found = (text: string) => checkText(text).map(({ code, position }) => `${code} ${position?.line}`);
  assert.deepEqual(found(text("case-web-2")), ["NAME_CONFLICT 2"]);
  for (const free of ["case-web-3", "case-web-02", "case-web-", "case-db-1", "other-web-1"]) {
    assert.deepEqual(found(text(free)), [], free);
  }
});
