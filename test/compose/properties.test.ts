import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { desiredState } from "../../src/compose/desired.ts";
import { type LoadedProject, loadProject } from "../../src/compose/load.ts";
import { printableModel, printModel } from "../../src/compose/print.ts";
import { digestKey } from "../../src/model/digest.ts";
import { type Case, caseRequest, readCases } from "./cases.ts";
import { caseRoot } from "./corpus-case.ts";
import { projects, shuffleKeys } from "./_json-projects.ts";
import { loadTexts, modelOf } from "./_load-text.ts";
import { testProperty } from "../support/property.ts";

const cases = readCases();
const environment = new Map([["A", { value: "aa" }], ["HOME", { value: "/home/op" }]]);
const plain = (project: LoadedProject): unknown => JSON.parse(JSON.stringify(printableModel(project.model)));

/** Makes the desired state too: no project that loads may make it throw. */
function runThrough(texts: Record<string, string | Uint8Array>): void {
  const { project } = loadTexts(texts, { environment });
  if (!project) return;
  desiredState(project, {
    folders: { checkout: caseRoot, project: caseRoot, secrets: "/run/secrets-of-case" },
    files: new Map(),
    creatableVolumes: [],
    stoppedServices: [],
    digestKey: digestKey(new Uint8Array(32)),
  });
}

test("loadProject() merges an empty file without changing anything", () => {
  for (const one of cases) {
    const request = caseRequest(one);
    const { project } = loadProject(request);
    if (!project) continue;
    const files = {
      ...request.files,
      read: (path: string) => path === "empty.yaml" ? new Uint8Array() : request.files.read(path),
    };
    const again = loadProject({ ...request, files, composeFiles: [...request.composeFiles, "empty.yaml"] });
    assert.deepEqual(again.project?.model, project.model, one.name);
  }
});

const empty = fc.constantFrom("", "{}", "# nothing", "services: {}", "networks: {}");
testProperty(
  "loadProject() takes any project over an empty file, and an empty file over any project",
  fc.property(projects, empty, (project, text) => {
    const load = (texts: Record<string, string>) => loadTexts(texts, { environment }).project?.model;
    const alone = load({ "b.yaml": JSON.stringify(project) });
    assert.deepEqual(load({ "b.yaml": JSON.stringify(project), "c.yaml": text }), alone);
    assert.deepEqual(load({ "a.yaml": text, "b.yaml": JSON.stringify(project) }), alone);
  }),
);

/** Cases whose model Compose itself does not take back, or takes otherwise. */
const notTakenBack: Readonly<Record<string, string>> = {
  "discover-variable": "the profile is named in .env",
  "dot-env-off-by-itself": "the profile is named in .env",
  "dollar-in-output": "keys are escaped and not interpolated",
  "env-file-empty-name": "no mapping takes a name that is empty",
  "extends-nil-base": "it still extends a service that is not printed",
  interpolation: "keys are escaped and not interpolated",
  "interpolation-keys-stay": "keys are escaped and not interpolated",
  "keys-resources": "-1 is printed as text",
  "merge-port-forms": "a port that stands there twice becomes one",
  "optional-disabled-dependency": "the disabled service is not printed",
  "print-scalars": "JSON has the names of blkio_config in capitals; a block scalar begins with a tab",
  profiles: "the disabled service is not printed",
};

/** Cases whose model Compose takes back from its YAML alone. */
const notTakenBackFromJson: Readonly<Record<string, string>> = {
  "keys-models": "models are not printed",
  "merge-blkio": "the names of blkio_config are printed in capitals",
  "merge-models": "models are not printed",
  "print-key-order": "a limit of 0 is printed as an empty mapping",
  "short-ulimits": "a limit of 0 is printed as an empty mapping",
  "yaml-escapes": "JSON leaves U+0085 as it is, a line end to YAML",
  "yaml-long-key": "with quotes around it the key is longer than YAML takes",
};

for (const format of ["json", "yaml"] as const) {
  test(`loadProject() makes the same model of the ${format} that it printed`, () => {
    const exceptions = { ...notTakenBack, ...format === "json" && notTakenBackFromJson };
    const others = cases.filter((one) => {
      const { project } = loadProject(caseRequest(one));
      if (!project || Object.hasOwn(exceptions, one.name)) return false;
      const printed = printModel(project, format);
      const again = loadTexts({ "compose.yaml": printed }, sameProject(one, project)).project;
      return (again && printModel(again, format)) !== printed;
    });
    assert.deepEqual(others.map(({ name }) => name), []);
  });
}

/** In the project, or in what is printed of it: what Compose itself does not take back, or takes otherwise. */
const notTakenBackEither: readonly RegExp[] = [
  /"[^"]*\$[^"]*":/, // keys are escaped and not interpolated
  /"":/, // the schema takes no empty name in a mapping, and does in a list
  /"blkio_config"|"models"/, // printed in capitals; not printed
  /"ulimits":\{.*\{\}/, // a limit of 0 is printed as an empty mapping
  /:"-\d+"/, // a size below 0 is printed as text
  /"extra_hosts":\[\]/, // a host without addresses
  /"network_mode":""/, // an empty mode is left out, and keeps the default network away
  /"provider":\{(?![^}]*"type")/, // an empty type is left out, and required
  /"ssh":\[/, // a path that was a number
  /"cpus":0,/, // less than any number that is printed
];

testProperty(
  "loadProject() makes the same model of what it printed of any project",
  fc.property(projects, (project) => {
    const loaded = loadTexts({ "compose.yaml": JSON.stringify(project) }, { environment }).project;
    fc.pre(loaded !== undefined);
    const printed = JSON.stringify(plain(loaded));
    fc.pre(!notTakenBackEither.some((pattern) => pattern.test(printed) || pattern.test(JSON.stringify(project))));
    const again = loadTexts({ "compose.yaml": printed }, { environment }).project;
    assert.deepEqual(again && plain(again), JSON.parse(printed));
  }),
  { onlySeed: 5, runs: 400 },
); // Compose has more such places than those above, and chance finds them

function sameProject(one: Case, project: LoadedProject): { projectName: string; profiles: readonly string[] } {
  return { projectName: project.model.name, profiles: one.options.profiles ?? [] };
}

testProperty(
  "loadProject() takes the keys of a mapping in any order, in files that are merged too",
  fc.property(projects, projects, fc.nat(), (one, other, seed) => {
    const load = (...files: object[]) =>
      loadTexts(Object.fromEntries(files.map((file, index) => [`${index}.yaml`, JSON.stringify(file)])), {
        environment,
      })
        .project?.model;
    const shuffled = (value: object) => shuffleKeys(value, seed) as object;
    assert.deepEqual(load(shuffled(one)), load(one));
    assert.deepEqual(load(shuffled(one), shuffled(other)), load(one, other));
  }),
);

testProperty(
  "loadProject() and desiredState() throw at nothing that looks like a project",
  fc.property(projects, projects, (one, other) => {
    runThrough({ "a.yaml": JSON.stringify(one), "b.yaml": JSON.stringify(other) });
  }),
  { runs: 500 },
);

const texts = cases.flatMap((one) => {
  const { files, composeFiles } = caseRequest(one);
  return composeFiles.map((file) => new TextDecoder().decode(files.read(file)));
});
const damage = fc.record({
  at: fc.nat(),
  removed: fc.nat({ max: 6 }),
  inserted: fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      "\n",
      "  ",
      ": ",
      "- ",
      "&a ",
      "*a ",
      "!reset ",
      "<<: ",
      "{",
      "]",
      "'",
      "|",
      "${",
      "\t",
      "#",
      "---\n",
    ),
  ),
});
testProperty(
  "loadProject() throws at no damaged file",
  fc.property(fc.constantFrom(...texts), fc.array(damage, { minLength: 1, maxLength: 5 }), (text, damages) => {
    const damaged = damages.reduce((before, { at, removed, inserted }) => {
      const index = at % (before.length + 1);
      return before.slice(0, index) + inserted + before.slice(index + removed);
    }, text);
    runThrough({ "compose.yaml": damaged });
  }),
  { runs: 1500 },
);

testProperty(
  "loadProject() throws at no bytes",
  fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => runThrough({ "compose.yaml": bytes })),
);

testProperty(
  "loadProject() throws at no env file",
  fc.property(fc.string({ unit: "binary" }), (text) => {
    runThrough({
      "compose.yaml": "services: {a: {image: x, env_file: [b.env, {path: b.env, format: raw}]}}",
      ".env": text,
      "b.env": text,
    });
  }),
);

test("loadProject() keeps keys such as __proto__ as what they are", () => {
  const model = modelOf(
    "services: {a: {image: x, labels: {__proto__: p, constructor: c}}, constructor: {image: y}}",
  ) as {
    readonly services: Readonly<Record<string, { readonly labels: object }>>;
  };
  assert.deepEqual(Object.entries(model.services["a"]!.labels), [["__proto__", "p"], ["constructor", "c"]]);
  assert.equal(({} as Record<string, unknown>)["p"], undefined);
});
