import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsIn, loadTexts, type Texts } from "./_load-text.ts";

const service = (lines: string) => `services:\n  web:\n    image: web:1\n${lines}`;

/** One mistake each, with the one line that has it. */
const mistakes: readonly { readonly name: string; readonly text: string; readonly issue: string }[] = [
  {
    name: "a misspelled key that has to be there",
    text: service("    depends_on:\n      db:\n        conditoin: service_started\n  db: { image: db:1 }\n"),
    issue: "6 COMPOSE_UNKNOWN_KEY",
  },
  {
    name: "a misspelled target of a mount",
    text: service("    volumes:\n      - type: tmpfs\n        tagret: /scratch\n"),
    issue: "6 COMPOSE_UNKNOWN_KEY",
  },
  {
    name: "a mount's target of another type",
    text: service("    volumes:\n      - type: tmpfs\n        target: [/scratch]\n"),
    issue: "6 COMPOSE_TYPE",
  },
  {
    name: "a mount's target that needs a variable",
    text: service("    volumes:\n      - type: tmpfs\n        target: ${FOLDER:?where to}\n"),
    issue: "6 INTERPOLATION_REQUIRED",
  },
  {
    name: "a mount without a target",
    text: service("    volumes:\n      - type: tmpfs\n"),
    issue: "5 COMPOSE_REQUIRED_KEY",
  },
  {
    name: "a section of another type that a service refers to",
    text: service("    networks: [front]\nnetworks: 12\n"),
    issue: "5 COMPOSE_TYPE",
  },
  {
    name: "a value that an alias repeats",
    text: `x-log: &log { driver: "\${BROKEN" }\n${service("    logging: *log\n")}`,
    issue: "1 INTERPOLATION_SYNTAX",
  },
  {
    name: "an unknown key that a service extends",
    text: service("    restrat: always\n  job: { extends: { service: web } }\n"),
    issue: "4 COMPOSE_UNKNOWN_KEY",
  },
  {
    name: "an env file below a home that nobody gives",
    text: service("    env_file: [{ path: ~/web.env, required: false }]\n"),
    issue: "4 COMPOSE_PATH_OUTSIDE",
  },
  {
    name: "an image that a variable leaves empty",
    text: "services:\n  web:\n    image: ${IMAGE:-}\n",
    issue: "3 SERVICE_WITHOUT_IMAGE",
  },
  {
    name: "a key of another name in the place of one that has to be there",
    text: service("    provider:\n      kind: cloud\n"),
    issue: "5 COMPOSE_UNKNOWN_KEY",
  },
  {
    name: "a secret whose one key has another name",
    text: `${service("    secrets: [token]\n")}secrets:\n  token:\n    path: ./token\n`,
    issue: "7 COMPOSE_UNKNOWN_KEY",
  },
  {
    name: "a secret whose file is of another type",
    text: `${service("    secrets: [token]\n")}secrets:\n  token:\n    file: [./token]\n`,
    issue: "7 COMPOSE_TYPE",
  },
  {
    name: "an action of watching that does not exist",
    text: service("    develop:\n      watch:\n        - { path: ., action: rebuil }\n"),
    issue: "6 COMPOSE_VALUE",
  },
  {
    name: "a list of ulimits",
    text: service("    ulimits:\n      - nofile=5\n"),
    issue: "4 COMPOSE_TYPE",
  },
  {
    name: "a config's source without a value",
    text: service("    configs:\n      - source:\n"),
    issue: "5 COMPOSE_TYPE",
  },
  {
    name: "an env file that is neither required nor not",
    text: service("    env_file:\n      - path: none.env\n        required: maybe\n"),
    issue: "6 COMPOSE_VALUE",
  },
  {
    name: "a variable without a name",
    text: service('    environment:\n      "": x\n'),
    issue: "5 COMPOSE_VALUE",
  },
  {
    name: "a port 0 in a container",
    text: service("    ports:\n      - 8080:80\n      - 8081:0\n"),
    issue: "6 COMPOSE_VALUE",
  },
  {
    name: "an infinite number of processors",
    text: service("    cpus: .inf\n"),
    issue: "4 COMPOSE_VALUE",
  },
];

for (const { name, text, issue } of mistakes) {
  test(`loadProject() says once, at its line: ${name}`, () => {
    const errors = errorsIn({ "compose.yaml": text });
    assert.deepEqual(errors.map(({ position, code }) => `${position?.line} ${code}`), [issue]);
    assert.ok(errors[0]!.hint);
  });
}

test("loadProject() names the variable without a value where its value cannot be empty, and nothing else", () => {
  const text = service("    ports: ['${PORT}']\n    read_only: ${READ_ONLY}\n    user: ${USER_ID}\n");
  const { issues } = loadTexts({ "compose.yaml": text });
  assert.deepEqual(issues.map(({ position, severity, hint }) => `${position?.line} ${severity} ${hint}`), [
    "4 error set PORT in `environment` of holdfast.yaml or in .env: it has no value",
    "5 error set READ_ONLY in `environment` of holdfast.yaml or in .env: it has no value",
    "6 warning set USER_ID in `environment` or .env, or write ${USER_ID:-} if it may be empty",
  ]);
});

test("loadProject() says of a list item that two files bring from one line that it is one line", () => {
  const { issues } = loadTexts({
    "compose.yaml": "include: [base.yaml]\n",
    "base.yaml": service("    security_opt: [no-new-privileges:true]\n"),
  });
  assert.deepEqual(issues.map(({ position, message }) => `${position?.file}:${position?.line} ${message}`), [
    'base.yaml:4 services.web.security_opt[1] repeats "no-new-privileges:true" of this very line',
  ]);
});

test("loadProject() says that `extends` looks in its own file, and never suggests a service to itself", () => {
  const { issues } = loadTexts({
    "compose.yaml": "services:\n  base: { image: base:1 }\n",
    "over.yaml": "services:\n  bas: { image: other:1, extends: base }\n",
  });
  assert.deepEqual(issues.map(({ position, message }) => `${position?.file}:${position?.line} ${message}`), [
    'over.yaml:2 The service "base" that "bas" extends is not defined in this file',
  ]);
  assert.match(issues[0]!.hint!, /name the file/);
});

test("loadProject() checks what a service says itself although what it extends cannot be had", () => {
  const services = "services:\n  web:\n    extends: { service: wbe }\n    imgae: web:1\n    networks: [front]\n" +
    "  job:\n    extends: { service: web, file: none.yml }\n    ports: ['99999:80']\n";
  const issues = loadTexts({ "compose.yaml": services }).issues.map(({ code, position }) =>
    `${position?.line} ${code}`
  );
  assert.deepEqual(issues, [
    "3 EXTENDS_MISSING",
    "4 COMPOSE_UNKNOWN_KEY",
    "7 COMPOSE_FILE_MISSING",
    "8 COMPOSE_VALUE",
  ]);
});

test("loadProject() does not ask for an x- key where one is refused", () => {
  const { issues } = loadTexts({ "compose.yaml": service("    blkio_config: { x-a: 1 }\n") });
  assert.deepEqual(issues.map(({ code, hint }) => [code, hint]), [
    ["COMPOSE_UNKNOWN_KEY", "take it away: a key of your own can stand in the mapping above"],
  ]);
});

test("loadProject() points at a project name that Compose does not take, wherever it is written", () => {
  const found = (texts: Texts) =>
    loadTexts(texts, { projectName: undefined }).issues.map(({ code, position }) =>
      `${position?.file}:${position?.line} ${code}`
    );
  assert.deepEqual(found({ "compose.yaml": `${service("")}name: "Ä"\n` }), ["compose.yaml:4 PROJECT_NAME"]);
  assert.deepEqual(found({ "compose.yaml": service(""), ".env": "\nCOMPOSE_PROJECT_NAME=A B\n" }), [
    ".env:2 PROJECT_NAME",
  ]);
});

test("loadProject() says that a key among the services is a key of a service, and that an empty one may go", () => {
  const hints = (text: string) => loadTexts({ "compose.yaml": text }).issues.map(({ hint }) => hint);
  assert.deepEqual(hints(`${service("")}  ports:\n    - "80:80"\n  restart: always\n`), [
    '"ports" is a key of a service: indent it like the keys of the one above',
    '"restart" is a key of a service: indent it like the keys of the one above',
  ]);
  assert.deepEqual(hints(`${service("")}  environment:\n    A: 1\n    B: 2\n`), [
    "indent `environment:` like the keys of the service above, and what is below it as much further",
  ]);
  assert.deepEqual(hints("services:\n  build:\n    imgae: web:1\n"), ['did you mean "image"?']);
  assert.deepEqual(hints(service("    volumes:\n")), ["give it items, each with `- ` before it, or take it away"]);
});

test("loadProject() says what stands for keys that only old files have", () => {
  const { issues } = loadTexts({
    "compose.yaml": service("    log_driver: syslog\n    log_opt: { a: b }\n    volume_driver: nfs\n"),
  });
  assert.deepEqual(issues.map(({ position, code, hint }) => `${position?.line} ${code} ${hint}`), [
    "4 COMPOSE_UNKNOWN_KEY write it as `driver` below `logging`",
    "5 COMPOSE_UNKNOWN_KEY write it as `options` below `logging`",
    "6 COMPOSE_UNKNOWN_KEY write it as `driver` of each volume, below `volumes` at the top of the file",
  ]);
});

test("loadProject() says that nothing is included from elsewhere, in a file of a folder too", () => {
  const { issues } = loadTexts({
    "compose.yaml": `include: [sub/more.yml, "git@github.com:a/b.git"]\n${service("")}`,
    "sub/more.yml": "include: [https://example.com/a.yml]\n",
  });
  assert.deepEqual(issues.map(({ code, position, hint }) => `${position?.file} ${code} ${hint}`), [
    "compose.yaml COMPOSE_FILE_MISSING commit a copy of the file and name that: nothing is fetched from elsewhere",
    "sub/more.yml COMPOSE_FILE_MISSING commit a copy of the file and name that: nothing is fetched from elsewhere",
  ]);
});
