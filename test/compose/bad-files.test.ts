import assert from "node:assert/strict";
import { test } from "node:test";
import { loadTexts, type Texts } from "./_load-text.ts";

/** Projects of several files with one mistake each: where it must be mended, and what the hint has to name. */
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
];

for (const { name, files, issue, hint } of projects) {
  test(`loadProject() says once, in the file to mend: ${name}`, () => {
    const errors = loadTexts(files).issues.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors.map(({ position, code }) => `${position?.file}:${position?.line} ${code}`), [issue]);
    assert.match(errors[0]!.hint ?? "", hint ?? /./);
  });
}
