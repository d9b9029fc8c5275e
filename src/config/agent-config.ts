import * as z from "zod";
import {
  absolutePath,
  choice,
  duration,
  fileReference,
  innerPath,
  integer,
  matchingText,
  notYet,
  text,
} from "./_schema.ts";

const credentials = z.strictObject({
  tokenFile: fileReference().optional().describe("File that holds the token for HTTPS, sent as the password."),
  caFile: fileReference().optional().describe(
    "PEM file of the authorities that may sign the server's certificate, beside the ones Node brings.",
  ),
  sshKeyFile: notYet("Private key for ssh."),
  knownHostsFile: notYet("Host keys that an ssh server may have."),
});

const unlock = z.strictObject({
  passphraseFile: fileReference().optional().describe(
    "File that holds the passphrase of the bundle, or of the private key. One newline at its end is not part of it.",
  ),
  privateKeyFile: fileReference().optional().describe("OpenPGP private key to which the bundle is sealed."),
  storage: choice(["memory"], ["disk"]).default("memory").describe(
    "Where opened keys lie: `memory` is the runtime folder on tmpfs.",
  ),
});

const deployment = z.strictObject({
  name: matchingText(
    /^[a-z0-9][a-z0-9_.-]{0,62}$/,
    `lower-case letters, digits, "-", "_" and ".", at most 63, starting with a letter or digit`,
  ).describe("Names the deployment's folder under the state folder, and the field in the journal."),
  repository: repository().describe("Where the deployment repository is: https, http, or a local path."),
  ref: matchingText(/^[^\s~^:?*[\\]+$/, "a branch, tag or commit").optional().describe(
    "Branch, tag or commit to deploy; by default the branch that the remote's HEAD names.",
  ),
  path: innerPath("the repository").transform(plainFolder).default(".").describe(
    "The folder of the repository that holds holdfast.yaml or the Compose file.",
  ),
  checkout: absolutePath().optional().describe(
    "Where the revision's files are placed; by default STATE/NAME/checkout. The folder of an existing clone adopts a running deployment.",
  ),
  interval: duration(1000).default(60_000).describe("How often the repository is asked for a new commit."),
  mode: choice(["enforce", "report"], ["approve"]).default("enforce").describe(
    "`enforce` makes the host equal to the revision; `report` writes no file and no key, changes nothing on the Engine, and only reports.",
  ),
  credentials: credentials.prefault({}).describe("What the repository's server asks for."),
  unlock: unlock.prefault({}).describe("What opens the keys bundle."),
  dependsOn: notYet("Other deployments of this host that must be converged first."),
  onRemove: notYet("What happens to the containers when the deployment disappears from this list."),
  trust: notYet("Signatures that a revision must carry."),
}).transform(({ interval, ...rest }) => ({ ...rest, intervalMs: interval }));

const registry = z.strictObject({
  host: registryHost().describe("The registry as images name it; `docker.io` for images that name none."),
  usernameFile: fileReference().describe("File that holds the name of the account."),
  passwordFile: fileReference().describe(
    "File that holds its password or token. One newline at its end is not part of it.",
  ),
});

const engine = z.strictObject({
  host: matchingText(/^unix:\/\/\/[^\0]+$/, `a socket such as "unix:///var/run/docker.sock"`)
    .default("unix:///var/run/docker.sock").describe("Socket of the Docker Engine."),
  parallel: z.union([z.literal("auto"), integer(1, 64)], { error: `"auto" or a whole number from 1 to 64` })
    .default("auto").describe("How many steps may run side by side; `auto` follows the host's processors."),
  registries: z.array(registry, { error: "a list of registries" }).default([]).describe(
    "Credentials for pulls, by registry. Read anew for each pull, and shown to that registry alone.",
  ),
});

/** The schema of `/etc/holdfast/agent.yaml`. */
export const agentSchema = z.strictObject({
  deployments: z.array(deployment, { error: "a list of deployments" }).min(1, { error: "at least one deployment" })
    .describe("The deployments of this host."),
  engine: engine.prefault({}).describe("The Docker Engine of this host."),
  state: absolutePath().default("/var/lib/holdfast").describe(
    "State folder: ledgers, checkouts and object stores. It survives a boot.",
  ),
  runtime: absolutePath().default("/run/holdfast").describe(
    "Runtime folder for opened keys, secrets and the control socket: refused where it is not a tmpfs.",
  ),
  deploymentsFrom: notYet("A repository that holds the list of deployments itself."),
  http: notYet("Address for health, metrics, status and the webhook."),
  notify: notYet("Webhooks that are told about failures and drift."),
}).superRefine(({ deployments, engine: { registries }, state }, context) => {
  const checkouts = deployments.map(({ name, checkout }) => checkout ?? `${state}/${name}/checkout`);
  refuseEqual(deployments.map(({ name }) => name), { list: "deployments", key: "name" }, context);
  refuseEqual(checkouts, { list: "deployments", key: "checkout" }, context);
  refuseEqual(registries.map(({ host }) => host), { list: "engine.registries", key: "host" }, context);
}).transform((config) => ({
  ...config,
  deployments: config.deployments.map((entry) => ({
    ...entry,
    checkout: entry.checkout ?? `${config.state}/${entry.name}/checkout`,
  })),
}));

/** The host's configuration, checked and with its defaults. Paths are absolute, durations milliseconds. */
export type AgentConfig = z.output<typeof agentSchema>;

/** One deployment of this host. `path` is a folder inside the repository, `.` for its root. */
export type DeploymentConfig = AgentConfig["deployments"][number];

function repository() {
  const needed = "an https or http URL, or an absolute local path";
  return text(needed).superRefine((value, context) => {
    const url = /^(https?|ssh|git\+ssh):\/\/(?:([^@/]*)@)?[^/@\s]+(?:\/\S*)?$/.exec(value);
    const scheme = url?.[1];
    if (scheme === "ssh" || scheme === "git+ssh" || /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(value)) {
      context.addIssue({ code: "custom", params: { unsupported: true } });
    } else if (scheme && url[2] !== undefined) {
      const message = `"repository" holds a user or password in its URL: put the token into "credentials.tokenFile"`;
      context.addIssue({ code: "custom", message, params: { sentence: true } });
    } else if (!scheme && !/^(?:file:\/\/)?\/[^\0]*$/.test(value)) {
      context.addIssue({ code: "custom", message: needed });
    }
  }).meta({ pattern: "^(?:https?://|file:///|/)" });
}

/** `docker.io` by any of its names; the others as they are. */
function registryHost() {
  const needed = `a registry as images name it, without scheme and path, such as "registry.example.com:5000"`;
  const pattern = /^(?=.*[.:]|localhost$)(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
  return matchingText(pattern, needed)
    .transform((host) => /^(?:index|registry-1)\.docker\.io$/.test(host) ? "docker.io" : host);
}

function plainFolder(path: string): string {
  return path.split("/").filter((part) => part !== "" && part !== ".").join("/") || ".";
}

function refuseEqual(
  values: readonly string[],
  { list, key }: { readonly list: "deployments" | "engine.registries"; readonly key: string },
  context: z.RefinementCtx,
): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) === index) return;
    const entry = list === "deployments" ? "deployment" : "registry";
    const message = `"${list}[${index}].${key}" is "${value}", which another ${entry} has already`;
    context.addIssue({ code: "custom", message, params: { sentence: true }, path: [...list.split("."), index, key] });
  });
}
