import { type DefaultRule, defaultRules } from "../../src/compose/forms/defaults.ts";
import { type LongForm, longForms } from "../../src/compose/forms/long-forms.ts";
import { code, table } from "./markdown.ts";

const formWords: Readonly<Record<LongForm, string>> = {
  build: "a text is `context`",
  text: "a boolean or a number becomes text",
  "key-values": "a list of `key=value` becomes a mapping",
  dependencies: "a list of names becomes a mapping with `condition: service_started` and `required: true`",
  "env-files": "a path becomes `path` with `required: true`",
  list: "a text becomes a list of one",
  extends: "a text is `service`",
  gpus: "`all` becomes one entry with `count: all`",
  names: "a list of names becomes a mapping",
  volume: "`SOURCE:TARGET:OPTIONS` becomes `type`, `source`, `target`, `read_only` and `bind` or `volume`",
  device: "`SOURCE:TARGET:PERMISSIONS` becomes a mapping, with `rwm` where no permissions are said",
  file: "a name is `source`",
  ports: "`IP:PUBLISHED:TARGET/PROTOCOL` becomes a mapping; a range of targets becomes several",
  ssh: "`default` and `ID=PATH` become a mapping",
  external: "the old `external: { name: NAME }` becomes `name` and `external: true`",
  include: "a text is `path`",
};

const defaultWords: Readonly<Record<DefaultRule, string>> = {
  "build-context": "`context` is `.`",
  "secret-target": "`target` is `/run/secrets/NAME`",
  port: "`protocol` is `tcp`, `mode` is `ingress`",
  "device-count": "`count` is `all`, without `device_ids`",
};

/** The short forms and the defaults, from the loader's tables. */
export function formTables(): readonly string[] {
  return [
    "Every short form becomes its long form:",
    table(["path", "its long form"], Object.entries(longForms).map(([path, form]) => [code(path), formWords[form]])),
    "What is not said:",
    table(["path", "default"], Object.entries(defaultRules).map(([path, rule]) => [code(path), defaultWords[rule]])),
    `Sizes become bytes (\`512m\` is \`"536870912"\`), durations Go's (\`90s\` is \`1m30s\`), commands lists of words, sizes and
published ports text. A service without \`networks\` and \`network_mode\` is in \`default\`; networks, volumes,
configs and secrets are called \`PROJECT_KEY\`, external ones \`KEY\`; those that no service uses are left out. \`links\`,
\`volumes_from\` and \`network_mode: service:NAME\` (\`ipc\`, \`pid\`, …) make the service depend on the one that they name.
Relative paths become absolute: those of a file that is included or extended start at its folder, all others at the folder
of the first Compose file.`,
  ];
}
