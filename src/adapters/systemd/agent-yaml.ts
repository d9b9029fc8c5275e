import { createHash } from "node:crypto";
import { loadAgentConfig } from "../../config/load.ts";
import type { FirstDeployment } from "../../ports/installer.ts";

/**
 * The text of a fresh agent.yaml.
 *
 * @param file its path, for errors
 * @throws HoldfastError `CONFIG_INVALID` when the deployment cannot be one
 */
export function freshAgentYaml(deployment: FirstDeployment | undefined, file: string): string {
  const text = signed(deployment ? deploymentYaml(deployment) : template);
  if (deployment) loadAgentConfig(text, file);
  return text;
}

/** Whether nobody has changed an agent.yaml since `freshAgentYaml()` made it. */
export function isUntouched(text: string): boolean {
  const body = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);
  return signed(body) === text;
}

function signed(body: string): string {
  const digest = createHash("sha256").update(body).digest("hex");
  return `${body}# "holdfast uninstall" removes this file while it is as installed: sha256 ${digest}\n`;
}

const head = `# The configuration of holdfast on this host; docs/agent-yaml.md has every key.
# After a change: holdfast install (where a folder moved), else systemctl restart holdfast
`;

const options = `    # checkout: /srv/NAME          # where its files lie; by default /var/lib/holdfast/NAME/checkout
    # interval: 60s                # how often the repository is asked
    # credentials: { tokenFile: /etc/holdfast/token }        # or credential:token, a credential of systemd
    # unlock: { passphraseFile: /etc/holdfast/passphrase }   # opens the keys bundle
`;

const template = `${head}# deployments:
#   - name: NAME
#     repository: https://git.example.com/ops/NAME.git
#     ref: main
#     path: production               # the folder that holds holdfast.yaml or the Compose file
${options.replaceAll(/^ {4}/gm, "#     ")}`;

function deploymentYaml({ repository, ref, path }: FirstDeployment): string {
  const name = nameOf(repository);
  const lines = [
    `  - name: ${name}`,
    `    repository: ${JSON.stringify(repository)}`,
    ...ref === undefined ? [] : [`    ref: ${JSON.stringify(ref)}`],
    ...path === undefined ? [] : [`    path: ${JSON.stringify(path)}`],
  ];
  return `${head}deployments:\n${lines.join("\n")}\n${options.replaceAll("NAME", name)}`;
}

/** `https://git.example.com/ops/Mender.git` → `mender`. */
function nameOf(repository: string): string {
  const last = repository.replace(/[?#].*$/, "").replace(/\/+$/, "").split("/").at(-1) ?? "";
  const name = last.replace(/\.git$/, "").toLowerCase().replaceAll(/[^a-z0-9_.-]/g, "-").replace(/^[^a-z0-9]+/, "");
  return name.slice(0, 63) || "deployment";
}
