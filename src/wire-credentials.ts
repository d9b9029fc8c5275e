import type { FileReference } from "./adapters/host-config/read-files.ts";
import type { AgentConfig, DeploymentConfig } from "./config/agent-config.ts";
import { HoldfastError } from "./model/error.ts";

/**
 * The first credential of systemd that these deployments take and this process was not given: systemd hands them to the
 * service alone.
 */
export function missingCredential(
  { config, wanted }: { readonly config: AgentConfig; readonly wanted: readonly DeploymentConfig[] },
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (env["CREDENTIALS_DIRECTORY"]) return undefined;
  const registries = config.engine.registries.flatMap(({ usernameFile, passwordFile }) => [usernameFile, passwordFile]);
  const own = wanted.flatMap(({ credentials, unlock }) => [
    credentials.tokenFile,
    credentials.caFile,
    unlock.passphraseFile,
    unlock.privateKeyFile,
  ]);
  const references: readonly (FileReference | undefined)[] = [...own, ...registries];
  for (const reference of references) if (reference?.kind === "credential") return reference.name;
  return undefined;
}

/** Neither this process nor an agent can read it. */
export function noCredential(name: string, cause: HoldfastError): HoldfastError {
  return new HoldfastError(
    "AGENT_UNREACHABLE",
    `Cannot read credential "${name}", which systemd gives to the service alone, and cannot ask the service: ${
      cause.message.replace(/^Cannot /, "cannot ")
    }`,
    {
      retry: "operator",
      hint: "start the service (systemctl start holdfast) and ask again; or give the credential to this one command: " +
        `systemd-run --pipe --wait -p LoadCredential=${name}:/path/to/it holdfast plan`,
      cause,
    },
  );
}
