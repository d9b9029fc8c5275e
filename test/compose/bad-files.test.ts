import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsIn, loadTexts, type Texts } from "./_load-text.ts";

/** Projects of one file or several with one mistake each: where it must be mended, and what the hint has to name. */
const projects: readonly {
  readonly name: string;
  readonly files: Texts;
  readonly issue: string;
  readonly hint?: RegExp;
}[] = [
  {
    name: "an undefined network of a service that others extend",
    files: {
      "compose.yaml": "services:\n  job: { extends: { file: base/a.yml, service: web } }\n" +
        "  web: { extends: { file: base/a.yml, service: web } }\nnetworks: { front: }\n",
      "base/a.yml": "services:\n  web:\n    image: web:1\n    networks: [frnt]\n",
    },
    issue: "base/a.yml:4 REFERENCE_MISSING",
    hint: /"front"/,
  },
  {
    name: "an undefined dependency in an included file",
    files: {
      "compose.yaml": "include: [more.yml]\n",
      "more.yml": "services:\n  web:\n    image: web:1\n    depends_on: [dbb]\n  db: { image: db:1 }\n",
    },
    issue: "more.yml:4 REFERENCE_MISSING",
    hint: /"db"/,
  },
  {
    name: "the second env file of an include",
    files: {
      "compose.yaml": "include:\n  - path: more.yml\n    env_file:\n      - a.env\n      - b.env\n",
      "more.yml": "services: { web: { image: web:1 } }\n",
      "a.env": "A=1\n",
    },
    issue: "compose.yaml:5 COMPOSE_FILE_MISSING",
  },
  {
    name: "a service of an overlay under a misspelled name",
    files: {
      "compose.yaml": "services: { backend: { image: web:1 } }\n",
      "overlay.yaml": "services:\n  backnd:\n    restart: always\n",
    },
    issue: "overlay.yaml:2 SERVICE_WITHOUT_IMAGE",
    hint: /"backend"/,
  },
  {
    name: "a key of a service that an extended file misspells",
    files: {
      "compose.yaml": "services:\n  a: { extends: { file: base.yml, service: b } }\n" +
        "  c: { extends: { file: base.yml, service: b } }\n",
      "base.yml": "services:\n  b:\n    imgae: web:1\n",
    },
    issue: "base.yml:3 COMPOSE_UNKNOWN_KEY",
    hint: /"image"/,
  },
  {
    name: "a limit that an overlay contradicts",
    files: {
      "a.yaml": "services:\n  web:\n    image: web:1\n    mem_limit: 64m\n",
      "b.yaml": "services: { web: { deploy: { resources: { limits: { memory: 128m } } } } }\n",
    },
    issue: "a.yaml:4 COMPOSE_CONFLICT",
  },
  {
    name: "services of an extended file that are no mapping",
    files: {
      "compose.yaml": "services:\n  a: { extends: { file: base.yml, service: b } }\n",
      "base.yml": "services: [b]\n",
    },
    issue: "base.yml:1 COMPOSE_TYPE",
  },
  {
    name: "a misspelled `services` of an extended file",
    files: {
      "compose.yaml": "services:\n  a: { extends: { file: base.yml, service: b } }\n",
      "base.yml": "servcies:\n  b: { image: web:1 }\n",
    },
    issue: "base.yml:1 COMPOSE_UNKNOWN_KEY",
    hint: /"services"/,
  },
  {
    name: "an extended service that is no mapping",
    files: {
      "compose.yaml": "services:\n  a: { image: web:1, extends: { file: base.yml, service: b } }\n",
      "base.yml": "services:\n  b: [image]\n",
    },
    issue: "base.yml:2 COMPOSE_TYPE",
  },
  {
    name: "a misspelled include that everything comes from",
    files: {
      "a.yaml": "inculde: [more.yml]\n",
      "b.yaml": "services: { web: { restart: always, networks: [back] } }\n",
      "more.yml": "services: { web: { image: web:1 } }\nnetworks: { back: }\n",
    },
    issue: "a.yaml:1 COMPOSE_UNKNOWN_KEY",
    hint: /"include"/,
  },
  {
    name: "a misspelled path of an include",
    files: {
      "a.yaml": "include:\n  - pth: more.yml\nservices: { web: { restart: always } }\n",
      "more.yml": "services: { db: { image: web:1 } }\n",
    },
    issue: "a.yaml:2 COMPOSE_UNKNOWN_KEY",
    hint: /"path"/,
  },
  {
    name: "an env file of an include that sets what its files need",
    files: {
      "compose.yaml": "include:\n  - path: more.yml\n    env_file: none.env\n",
      "more.yml": "services: { web: { image: 'web:${TAG:?which}' } }\n",
    },
    issue: "compose.yaml:3 COMPOSE_FILE_MISSING",
  },
  {
    name: "a line of an env file that may set what is missing",
    files: {
      ".env": "TAG 1=x\n",
      "compose.yaml": "services: { web: { image: 'web:${TAG:?which}' } }\n",
    },
    issue: ".env:1 ENV_FILE_SYNTAX",
  },
  {
    name: "networks of another type beside a file that includes",
    files: {
      "compose.yaml": "include: [more.yml]\nnetworks: none\n",
      "more.yml": "services: { web: { image: web:1, networks: [back] } }\nnetworks: { back: }\n",
    },
    issue: "compose.yaml:2 COMPOSE_TYPE",
  },
  {
    name: "an included file with the other ending",
    files: {
      "compose.yaml": "include:\n  - sub/more.yaml\nservices: { web: { image: web:1 } }\n",
      "sub/more.yml": "services: { db: { image: db:1 } }\n",
    },
    issue: "compose.yaml:2 COMPOSE_FILE_MISSING",
    hint: /"sub\/more\.yml"/,
  },
  {
    name: "a misspelled policy of pulling",
    files: { "compose.yaml": "services:\n  web:\n    image: web:1\n    pull_policy: allways\n" },
    issue: "compose.yaml:4 COMPOSE_VALUE",
    hint: /"always"/,
  },
  {
    name: "a misspelled protocol of a port",
    files: { "compose.yaml": "services:\n  web:\n    image: web:1\n    ports:\n      - 80:80/tpc\n" },
    issue: "compose.yaml:5 COMPOSE_VALUE",
    hint: /"tcp"/,
  },
  {
    name: "a network that an overlay names by a number",
    files: {
      "a.yaml": "services: { web: { image: web:1, networks: [back] } }\nnetworks: { back: }\n",
      "b.yaml": "services:\n  web:\n    networks:\n      - 12\n",
    },
    issue: "b.yaml:4 COMPOSE_TYPE",
  },
  {
    name: "a misspelled mount of a file that another one changes",
    files: {
      "a.yaml": "services:\n  web:\n    image: web:1\n    volumes:\n      - tpye: tmpfs\n        target: /a\n",
      "b.yaml": "services: { web: { restart: always } }\n",
    },
    issue: "a.yaml:5 COMPOSE_UNKNOWN_KEY",
    hint: /"type"/,
  },
  {
    name: "networks that are indented as a service is",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    networks: [back]\n" +
        "  networks:\n    back:\n      internal: true\n",
    },
    issue: "compose.yaml:5 COMPOSE_UNKNOWN_KEY",
    hint: /as far as `services:`/,
  },
  {
    name: "a service that is indented as the keys of the one before it",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    depends_on: [db]\n    db:\n      image: db:1\n",
    },
    issue: "compose.yaml:5 COMPOSE_UNKNOWN_KEY",
    hint: /as far as the services/,
  },
  {
    name: "limits that stand right below deploy",
    files: { "compose.yaml": "services:\n  web:\n    image: web:1\n    deploy:\n      limits: { memory: 64m }\n" },
    issue: "compose.yaml:5 COMPOSE_UNKNOWN_KEY",
    hint: /below `resources`/,
  },
  {
    name: "a mount's source by the name that an option of docker run has",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    volumes:\n" +
        "      - type: bind\n        src: /srv\n        target: /srv\n",
    },
    issue: "compose.yaml:6 COMPOSE_UNKNOWN_KEY",
    hint: /"source"/,
  },
  {
    name: "a mount's target by the name that docker inspect has",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    volumes:\n" +
        "      - type: bind\n        source: /srv\n        destination: /srv\n",
    },
    issue: "compose.yaml:7 COMPOSE_UNKNOWN_KEY",
    hint: /"target"/,
  },
  {
    name: "a key and its value that changed places",
    files: { "compose.yaml": "services:\n  web:\n    nginx: image\n    restart: always\n" },
    issue: "compose.yaml:3 COMPOSE_UNKNOWN_KEY",
    hint: /"image: nginx"/,
  },
  {
    name: "an include from elsewhere",
    files: { "compose.yaml": "include:\n  - https://example.com/more.git\nservices: { web: { image: web:1 } }\n" },
    issue: "compose.yaml:2 COMPOSE_FILE_MISSING",
    hint: /a copy/,
  },
  {
    name: "a folder without ./",
    files: { "compose.yaml": "services:\n  web:\n    image: web:1\n    volumes:\n      - web/data:/data\n" },
    issue: "compose.yaml:5 REFERENCE_MISSING",
    hint: /"\.\/web\/data"/,
  },
  {
    name: "a variable that is not closed",
    files: { "compose.yaml": "services:\n  web:\n    image: web:${TAG:-1\n" },
    issue: "compose.yaml:3 INTERPOLATION_SYNTAX",
    hint: /^close it with }/,
  },
  {
    name: "a misspelled alias",
    files: {
      "compose.yaml": "x-log: &log { driver: local }\nservices:\n  web:\n    image: web:1\n    logging: *logg\n",
    },
    issue: "compose.yaml:5 YAML_ALIAS",
    hint: /"\*log"/,
  },
  {
    name: "a number with a comma",
    files: { "compose.yaml": "services:\n  web:\n    image: web:1\n    cpus: 0,5\n" },
    issue: "compose.yaml:4 INTERPOLATION_TYPE",
    hint: /0\.5/,
  },
  {
    name: "a volume that is indented below another",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    volumes: [cache:/cache]\n" +
        "volumes:\n  data:\n    cache:\n",
    },
    issue: "compose.yaml:7 COMPOSE_UNKNOWN_KEY",
    hint: /as far as the one above/,
  },
  {
    name: "variables of an environment that is indented as a service is",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n  environment:\n    REDIS_HOST: cache\n    PORT: 80\n",
    },
    issue: "compose.yaml:4 COMPOSE_UNKNOWN_KEY",
    hint: /like the keys of the service above/,
  },
  {
    name: "keys that stand beside their section",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    healthcheck:\n      test: [NONE]\n" +
        "    interval: 10s\n    start_period: 5s\n",
    },
    issue: "compose.yaml:6 COMPOSE_UNKNOWN_KEY",
    hint: /indent them as what is below it/,
  },
  {
    name: "a list of volumes that is indented as a service is",
    files: {
      "compose.yaml": "services:\n  web:\n    image: web:1\n    volumes: [data:/data]\n  volumes:\n    - data\n",
    },
    issue: "compose.yaml:5 COMPOSE_UNKNOWN_KEY",
    hint: /as far as `services:`/,
  },
  {
    name: "a file to include under another key",
    files: { "compose.yaml": "include:\n  - file: more.yml\nservices: { web: { image: web:1 } }\n" },
    issue: "compose.yaml:2 COMPOSE_UNKNOWN_KEY",
    hint: /"path"/,
  },
];

/** Lines below `image` of a service with a value of another type, and what the hint has to tell. */
const wrongTypes: readonly (readonly [lines: string, hint: RegExp])[] = [
  ["ports: 80:80", /\["80:80"\]/],
  ["profiles: dev", /\["dev"\]/],
  ["volumes: { data: /data }", /begin each line below it with `- `/],
  ["volumes: [{ data: /data }]", /without a space behind the colon/],
  ["ports: [[80]]", /pair of brackets/],
  ["environment: A=b", /`NAME: value`/],
  ["environment: [A: b]", /NAME=value/],
  ["security_opt: [no-new-privileges: true]", /take its space away/],
  ["depends_on: { db: true }", /`condition: …`/],
  ["healthcheck: curl -f http://localhost", /`test: …`/],
  ["logging: local", /`driver: …`/],
  ["stop_grace_period: 90", /30s/],
  ["healthcheck: { test: [NONE], interval: 30 }", /30s/],
  ["restart: true", /unless-stopped/],
  ["user: 1000", /quotes/],
  ["hostname:", /give it a value/],
  ["hostname: [a]", /without brackets/],
  ["labels: [[a=b]]", /pair of brackets/],
  ["depends_on: -db -cache", /a dash and a space/],
  ["depends_on: ['db, cache']", /an item of its own/],
  ["depends_on: { db: { condition: true } }", /service_healthy/],
  ["TZ: UTC", /`environment:`/],
  ["volumes: [{ type: volume, source: ./data, target: /data }]", /`type: bind`/],
  ["configs: [{ target: /app.json }]", /`source`/],
  ["configs: [app:/app.json]", /`target:`/],
];

/** Short ports that cannot be read. */
const wrongPorts: readonly (readonly [port: string, hint: RegExp])[] = [
  ["'{{ port }}:80'", /template/],
  ["“8080:80”", /quotes/],
  ['8080:80"', /quotes/],
  ["localhost:8080:80", /127\.0\.0\.1/],
  ["8080:127.0.0.1:80", /address first/],
  ["8080:80/tcp,udp", /of its own/],
  ["8080->80", /write :/],
  ["8O80:80", /PUBLISHED:TARGET/],
];

for (const [port, hint] of wrongPorts) {
  test(`loadProject() tells what to write instead of the port ${port}`, () => {
    const { issues } = loadTexts({
      "compose.yaml": `services:\n  web:\n    image: web:1\n    ports:\n      - ${port}\n`,
    });
    assert.deepEqual(issues.map(({ position }) => position?.line), [5]);
    assert.match(issues[0]!.hint ?? "", hint);
  });
}

for (const [lines, hint] of wrongTypes) {
  test(`loadProject() tells what to write instead of "${lines}"`, () => {
    const { issues } = loadTexts({
      "compose.yaml": `services:\n  web:\n    image: web:1\n    ${lines}\n  db: { image: db }\n`,
    });
    assert.deepEqual(issues.map(({ position }) => position?.line), [4]);
    assert.match(issues[0]!.hint ?? "", hint);
  });
}

for (const { name, files, issue, hint } of projects) {
  test(`loadProject() says once, in the file to mend: ${name}`, () => {
    const errors = errorsIn(files);
    assert.deepEqual(errors.map(({ position, code }) => `${position?.file}:${position?.line} ${code}`), [issue]);
    assert.match(errors[0]!.hint ?? "", hint ?? /./);
  });
}

test("loadProject() says once that a network is missing, and where else it is used", () => {
  const { issues } = loadTexts({
    "a.yaml": "services:\n  web:\n    image: web:1\n    networks: [back]\n",
    "b.yaml": "services:\n  db:\n    image: db:1\n    networks:\n      - back\n",
  });
  assert.deepEqual(issues.map(({ code, position }) => `${position?.file}:${position?.line} ${code}`), [
    "a.yaml:4 REFERENCE_MISSING",
  ]);
  assert.match(issues[0]!.message, /^The service "web" uses the network "back".*"db" \(b\.yaml:5\)$/);
});

test("loadProject() reports each circle of dependencies", () => {
  const { issues } = loadTexts({
    "compose.yaml": `services:
  a: { image: x, depends_on: [b] }
  b: { image: x, links: [a] }
  c: { image: x, network_mode: "service:d" }
  d: { image: x, volumes_from: [c] }
`,
  });
  assert.deepEqual(issues.map(({ code, position }) => `${position?.line} ${code}`), [
    "2 DEPENDENCY_CYCLE",
    "4 DEPENDENCY_CYCLE",
  ]);
});

test("loadProject() warns of a key of extends that Compose ignores, and names the one that is meant", () => {
  const { project, issues } = loadTexts({
    "compose.yaml": "services:\n  a:\n    extends:\n      service: b\n      fiel: x.yml\n  b: { image: x }\n",
  });
  assert.ok(project);
  assert.deepEqual(issues.map(({ severity, position, hint }) => `${severity} ${position?.line} ${hint}`), [
    'warning 5 did you mean "file"?',
  ]);
});
