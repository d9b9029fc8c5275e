import { table } from "./markdown.ts";

/** For who deploys with `docker compose` today. */
export function migrationSection(): readonly string[] {
  return [
    "## Coming from `docker compose`",
    `The files stay as they are. Hold both programs against each other, then let holdfast say what it would refuse; neither
command needs an Engine, keys or agent.yaml:`,
    `\`\`\`sh
docker compose config > compose.txt
holdfast config | diff compose.txt - && echo the same
holdfast check                                    # errors, warnings, and what policies say
holdfast config --explain service.web.ports       # where a value comes from, and what it overrode
\`\`\``,
    "What a shell or a command line gave moves into [holdfast.yaml](holdfast-yaml.md), in git:",
    table(["with `docker compose`", "with holdfast"], [
      [
        "`-f a.yml -f b.yml`, `COMPOSE_FILE`",
        "`compose: [a.yml, b.yml]`; `COMPOSE_FILE` in `environment` or `.env` counts too",
      ],
      ["`-p NAME`, `COMPOSE_PROJECT_NAME`", "`project: NAME`; `name:` in the files counts too"],
      ["`--profile NAME`, `COMPOSE_PROFILES`", "`profiles: [NAME]`"],
      [
        "`COMPOSE_COMPATIBILITY`, `DOCKER_DEFAULT_PLATFORM`",
        "in `environment` or `.env`: names with underscores, and the platform of services that name none",
      ],
      [
        "`export TAG=1.2`",
        '`environment: { TAG: "1.2" }`, or `TAG=1.2` in `.env`; the shell of the agent is never read',
      ],
      [
        "`export PASSWORD=…`, files that are not in git",
        "`environment: { PASSWORD: { key: FILE } }` and binds below `keys.into`: the keys bundle",
      ],
      ["`~/data:/data`", "`environment: { HOME: /home/ops }`, or the whole path"],
      ["`docker login`", "`engine.registries` of [agent.yaml](agent-yaml.md)"],
      ["`build:` alone", "push the image, and name it with `image`"],
      ["`docker volume create` before the first start", "`volumes: [NAME]`: external volumes that may be created"],
    ]),
    `Containers, networks and volumes keep Compose's names, labels and \`config-hash\`: a project that \`docker compose\` started is
taken over as it runs (\`checkout\` of [agent.yaml](agent-yaml.md) names its folder, where files are bound from there), and
\`docker compose ps\`, \`logs\` and \`exec\` go on working.`,
  ];
}

export function envFilesSection(): readonly string[] {
  return [
    "## Env files",
    `\`env_file\` of a service fills its environment. A later file wins over an earlier one, and \`environment\` over all. A file
that is missing is an error, unless \`required: false\` is beside its \`path\`. \`.env\` has the same form:`,
    table(["line", "means"], [
      [
        "`KEY=value`, `KEY: value`, `export KEY=value`",
        "the value up to the end of the line, without spaces around it",
      ],
      ["`KEY=value # words`", "a comment, behind a space; a line that begins with `#` is one"],
      ["`KEY='…'`", "as it is, over several lines too"],
      ['`KEY="…"`', 'with `\\n`, `\\t`, `\\"` and variables, over several lines too'],
      ["`KEY=${OTHER:-word}`", "variables of `environment` and `.env`, else of the lines before"],
      ["`KEY`", "the value that `environment` or `.env` has; without one the line counts for nothing"],
    ]),
    "With `format: raw` everything behind `=` is the value: quotes, `#` and `$` too.",
    "`/dev/null` is a file without content, wherever one is named: `env_file: /dev/null` of an `include` leaves its `.env` out.",
    "A `label_file` is read in the same way, with its own lines for variables; `labels` win over it.",
  ];
}

export function configsAndSecretsSection(): readonly string[] {
  return [
    "## Configs and secrets",
    table(["source", "what the container gets"], [
      [
        "`file` of the repository",
        "the file of the checkout, bound; with `uid`, `gid` or `mode` a copy of it on tmpfs",
      ],
      [
        "`file` below `keys.into`",
        "the file of the opened keys bundle on tmpfs; owner and mode are those of `keys.files`, and `uid`, `gid` and `mode` of the service are warned of",
      ],
      ["`content` (configs)", "the text, its variables replaced, as a file on tmpfs"],
      [
        "`environment`",
        "the value of the variable in `environment` or `.env` (that of a key included), as a file on tmpfs",
      ],
    ]),
    `All are read-only. A secret lies at \`/run/secrets/NAME\` and a config at \`/NAME\`, or at \`target\`. Files on tmpfs belong to
\`uid\` and \`gid\` (numbers; 0) and have \`mode\` (0444).`,
  ];
}
