import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTexts } from "./_load-text.ts";

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
];

for (const { name, text, issue } of mistakes) {
  test(`loadProject() says once, at its line: ${name}`, () => {
    const errors = loadTexts({ "compose.yaml": text }).issues.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors.map(({ position, code }) => `${position?.line} ${code}`), [issue]);
    assert.ok(errors[0]!.hint);
  });
}
