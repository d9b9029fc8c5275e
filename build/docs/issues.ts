import { type ComposeIssueCode, composeIssueCodes } from "../../src/compose/codes.ts";
import type { CodeDoc } from "./errors.ts";

/** What to do about each issue of Compose files; what it means stands beside the code itself. */
const composeRemedies: Readonly<Record<ComposeIssueCode, string>> = {
  COMPOSE_FILE_MISSING: "commit the file, or correct the path; `required: false` lets an env file be missing",
  COMPOSE_FILE_LIMIT: "split the file or the project",
  COMPOSE_FILE_TEXT: "save it as UTF-8",
  COMPOSE_EMPTY: "begin with `services:`",
  COMPOSE_PATH_OUTSIDE:
    "move the file into the repository and use a path inside it; give HOME in `environment` of holdfast.yaml for `~`",
  YAML_SYNTAX: "correct the line; indent with spaces",
  YAML_DUPLICATE_KEY:
    "keep one of the two; for files of others, `duplicateKeys: last` in holdfast.yaml takes the last with a warning",
  YAML_KEY: "quote the key",
  YAML_ALIAS: "define the anchor before the alias, and not inside itself",
  YAML_LIMIT: "write it with fewer levels, aliases or variables",
  YAML_MERGE: "give `<<` a mapping, an alias of one, or a list of those",
  YAML_TAG: "correct the value, or take the tag away",
  COMPOSE_TYPE: "write the type that the message names",
  COMPOSE_VALUE: "write a value that the message or its hint names",
  COMPOSE_UNKNOWN_KEY: "correct the spelling; a key for another tool begins with `x-`",
  COMPOSE_REQUIRED_KEY: "add the key",
  COMPOSE_REPEATED: "take one of the two away",
  COMPOSE_MERGE: "write both in the same form, or put `!override` before the later value",
  INTERPOLATION_SYNTAX: "write `${NAME}` or `${NAME:-default}`, and `$$` for a `$` that is meant as such",
  INTERPOLATION_REQUIRED: "set the variable in `environment` of holdfast.yaml, or in `.env`",
  INTERPOLATION_UNSET: "set the variable, or write `${NAME:-}` if it may be empty",
  INTERPOLATION_TYPE: "give the variable a value of the type that the key takes",
  ENV_FILE_SYNTAX: "write `KEY=value`, one a line, and close quotes",
  PROJECT_NAME: "set `project` in holdfast.yaml: lower-case letters, digits, `-` and `_`",
  EXTENDS_MISSING: "correct the service's name, or `extends.file`",
  EXTENDS_CYCLE: "take one `extends` of the circle away",
  INCLUDE_CYCLE: "take one `include` of the circle away",
  INCLUDE_CONFLICT: "define it in one place; override an included resource in a file that is merged over it",
  SERVICE_WITHOUT_IMAGE: "add `image`; if another Compose file gives it, list that file in the manifest",
  REFERENCE_MISSING: "define what is named, or correct the name",
  REFERENCE_DISABLED: "turn the profile on in holdfast.yaml, or add `required: false` to the dependency",
  DEPENDENCY_CYCLE: "take one dependency of the circle away",
  COMPOSE_CONFLICT: "keep one of the two",
  COMPOSE_DEPRECATED: "write the newer form that the hint names; it works until then",
  PORT_CONFLICT: "give one of them another port or address of the host",
  NAME_CONFLICT: "give each service a container name of its own, and each network a name of its own, or none",
  ENVIRONMENT_UNSET: "set it in `environment` of holdfast.yaml, or give it a value",
  SERVICE_BUILD_ONLY: "build the image elsewhere, push it, and name it with `image`",
  KEY_REFUSED: "take the key away; [compose.md](compose.md) has the reason",
  KEY_IGNORED:
    "take the key away, or leave it for those who run the files elsewhere; [compose.md](compose.md) has the reason",
  BIND_SOURCE_MISSING: "commit the file or add it to the bundle; for data use a volume, or an absolute path",
  BIND_GUARDED: "bind files of the deployment's own checkout or keys; policies and waivers cannot allow this",
  SECRET_SOURCE: "give it a `file` of the revision, a `content`, or an `environment` variable that is set",
  RESTART_POLICY: "write no, always, unless-stopped, on-failure or on-failure:3",
};

/** Issues that warn and refuse nothing, always or in some cases. */
const warnings: ReadonlySet<string> = new Set([
  "INTERPOLATION_UNSET",
  "COMPOSE_DEPRECATED",
  "ENVIRONMENT_UNSET",
  "KEY_IGNORED",
  "MANIFEST_REFERENCE",
  "MANIFEST_SEVERAL_COMPOSE",
]);

export function isWarning(code: string): boolean {
  return warnings.has(code);
}

export const composeIssueDocs: Readonly<Record<string, CodeDoc>> = Object.fromEntries(
  Object.entries(composeIssueCodes).map(([code, meaning]) => [
    code,
    { meaning, remedy: composeRemedies[code as ComposeIssueCode] },
  ]),
);

/** Issues of both YAML files: `CONFIG_…` of agent.yaml, `MANIFEST_…` of holdfast.yaml. */
const bothFiles: Readonly<Record<string, CodeDoc>> = {
  YAML: { meaning: "the text is not YAML 1.2, or is too large", remedy: "correct the line; indent with spaces" },
  DUPLICATE_KEY: { meaning: "a key stands twice in one mapping", remedy: "keep one of the two" },
  UNKNOWN_KEY: {
    meaning: "a key that holdfast does not have",
    remedy: "correct the spelling; the hint lists the known keys",
  },
  UNSUPPORTED: {
    meaning: "a key or value that is designed and not built in this version",
    remedy: "take it away, or use a version that supports it",
  },
  MISSING: { meaning: "a key that has to be there", remedy: "add it" },
  VALUE: { meaning: "a value that the key does not take", remedy: "write what the message says is needed" },
};

const manifestOnly: Readonly<Record<string, CodeDoc>> = {
  MANIFEST_NAME: {
    meaning: "the folder has a `holdfast.yml`, which is not read",
    remedy: "rename it to `holdfast.yaml`",
  },
  MANIFEST_NO_COMPOSE: {
    meaning: "neither the manifest nor the folder names a Compose file",
    remedy: "add `compose.yaml`, or `compose` to the manifest; check `deployments[].path`",
  },
  MANIFEST_SEVERAL_COMPOSE: {
    meaning: "the folder has several default Compose files, of which one is read",
    remedy: "name the files under `compose`, or remove the others",
  },
  MANIFEST_PATH: {
    meaning: "a path leaves the repository",
    remedy: "write a path inside it, relative to the manifest",
  },
  MANIFEST_FILE_MISSING: {
    meaning: "a Compose file that the manifest names is not in the revision",
    remedy: "commit the file, or take it off the list",
  },
  MANIFEST_KEY_MISSING: {
    meaning: "`environment` names a key that the bundle does not hold",
    remedy: "add the file to the bundle, or correct the path",
  },
  MANIFEST_REFERENCE: {
    meaning: "a profile or service that the Compose files do not have",
    remedy: "correct the name, or take it away",
  },
};

export const configIssueDocs: Readonly<Record<string, CodeDoc>> = withPrefix("CONFIG");
export const manifestIssueDocs: Readonly<Record<string, CodeDoc>> = { ...withPrefix("MANIFEST"), ...manifestOnly };

function withPrefix(prefix: string): Readonly<Record<string, CodeDoc>> {
  return Object.fromEntries(Object.entries(bothFiles).map(([code, doc]) => [`${prefix}_${code}`, doc]));
}
