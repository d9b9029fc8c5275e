import { defaultLimits, defaultTimeouts } from "../../src/adapters/git/limits.ts";
import type { ErrorCode } from "../../src/model/error.ts";

/** What a reader of a code is told. */
export interface CodeDoc {
  readonly meaning: string;
  readonly remedy: string;
}

const mebibytes = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
const seconds = (ms: number): string => `${ms / 1000} s`;

/** Every error that a pass or a command can end with. */
export const errorDocs: Readonly<Partial<Record<ErrorCode, CodeDoc>>> = {
  CONFIG_READ: {
    meaning: "agent.yaml, or a file that it names, is missing or cannot be read",
    remedy:
      "check the path (`--config FILE`) and the file's owner and mode; a `credential:NAME` needs `LoadCredential=NAME:/path` in the unit",
  },
  CONFIG_INVALID: {
    meaning: "agent.yaml breaks its schema; every finding is listed with its line as a `CONFIG_…` issue",
    remedy: "correct the lines and start the agent again; [agent-yaml.md](agent-yaml.md) has every key",
  },
  CONFIG_EMPTY: {
    meaning:
      "agent.yaml has no deployment yet, as `holdfast install` writes it without `--repository`; the service waits",
    remedy: "add one ([agent-yaml.md](agent-yaml.md) has every key), then `sudo holdfast install`",
  },
  SOURCE_UNREACHABLE: {
    meaning:
      `no connection to the git server, a certificate that is not trusted, a server that answers 5xx, 408 or 429, or
one that is too slow (${seconds(defaultTimeouts.connectMs)} to connect, ${
        seconds(defaultTimeouts.headersMs)
      } to begin an
answer, ${seconds(defaultTimeouts.bodyIdleMs)} of silence, ${seconds(defaultTimeouts.totalMs)} in all)`,
    remedy:
      "it is tried again with growing pauses, and the applied revision stays enforced; look at network, DNS, the server's certificate (`credentials.caFile` for an authority of your own) and its log",
  },
  SOURCE_DENIED: {
    meaning: "the git server refuses the request (401, 403), or a local repository may not be read",
    remedy:
      "put a valid token that may read the repository into `credentials.tokenFile`; it is sent to the host of `repository` only, never along a redirect to another",
  },
  SOURCE_NOT_FOUND: {
    meaning:
      "the server answers 404, there is no repository at the path, or the address is none; of `check`, `config` and `keys`: the folder or file cannot be read",
    remedy: "correct `repository` (or the folder); some servers answer 404 where a token is needed",
  },
  SOURCE_PROTOCOL: {
    meaning:
      "the answer is not git's smart protocol, a pack is damaged, or a local repository has a form that is not read",
    remedy:
      "check that the address is a repository's and what proxy stands between; run `git fsck` in the repository on its server",
  },
  SOURCE_REF: {
    meaning: "the ref does not exist, points to no commit, or the repository is empty",
    remedy: "push the branch or tag, or correct `ref`; the message names the nearest ones",
  },
  SOURCE_LIMIT: {
    meaning: `the revision is larger than allowed: ${mebibytes(defaultLimits.maxPackBytes)} received,
${defaultLimits.maxFiles} files or folders, ${mebibytes(defaultLimits.maxFileBytes)} a file,
${mebibytes(defaultLimits.maxTotalBytes)} together, ${defaultLimits.maxDepth} folders deep`,
    remedy:
      "take what is too large out of the revision and push; of `check` and `config`: give the repository's root with `--root`",
  },
  SOURCE_UNSAFE: {
    meaning:
      "a tree or object that a careful reader refuses: a name that leaves its folder or stands for `.git`, a link that points out of the repository, a submodule, names that differ in case only, a tree that is not sorted",
    remedy: "rename or remove what the message names and push",
  },
  KEYS_UNLOCK: {
    meaning:
      "the passphrase or private key cannot be read, is empty, or does not open the private key; of `keys seal`: a public key to which nothing can be encrypted",
    remedy:
      "look at `unlock.passphraseFile` and `unlock.privateKeyFile`; a private key is written with `gpg --armor --export-secret-keys KEY`, a public one with `gpg --armor --export KEY`: one that can encrypt, and is neither expired nor revoked",
  },
  KEYS_DECRYPT: {
    meaning:
      "wrong passphrase, a damaged or cut bundle, one without integrity protection, or one that is sealed to other keys",
    remedy:
      "put the passphrase it was sealed with into `unlock.passphraseFile`; if it is there, seal the bundle anew and push",
  },
  KEYS_ARCHIVE: {
    meaning:
      "the opened bundle is not a tar of plain files and folders: links, devices, double or leaving names, too much, or cut; of `keys seal`: the folder holds such things",
    remedy: "make it anew with `tar c FOLDER | gpg --symmetric` from a folder of plain files, and push",
  },
  KEYS_MISSING: {
    meaning: "the manifest names a bundle that the revision lacks",
    remedy: "commit the bundle, or correct `keys.bundle`",
  },
  REVISION_INVALID: {
    meaning: "manifest or Compose files of the revision have errors; every one is listed with its line as an issue",
    remedy: "correct what the issues name and push; `holdfast check FOLDER` finds the same before a push",
  },
  POLICY_DENIED: {
    meaning: "a policy denies the revision, and none was ever applied to stay on",
    remedy:
      "correct what the verdicts name, or waive the policy with a reason and an end; [policies.md](policies.md) has every policy",
  },
  RUNTIME_FOLDER: {
    meaning: "the runtime folder is not on a tmpfs, and opened keys never touch a disk",
    remedy: "let `runtime` in agent.yaml name a folder on tmpfs, such as /run/holdfast",
  },
  HOST_FILES: {
    meaning:
      "checkout, keys or secrets cannot be read or written, or something that holdfast did not put there stands in their way; of `keys`: the output cannot be written",
    remedy: "look at owner, mode and free space of the folder; move away what the message names, or commit it",
  },
  ENGINE_UNREACHABLE: {
    meaning: "the Docker Engine's socket does not answer",
    remedy: "`systemctl status docker`; check `engine.host`, and that the agent may open the socket; it is tried again",
  },
  ENGINE_VERSION: {
    meaning: "the Engine speaks no API version that holdfast knows",
    remedy: "upgrade Docker to 20.10 or later, or upgrade holdfast",
  },
  ENGINE_GONE: {
    meaning: "a container, network or image has gone since it was looked at",
    remedy: "nothing: the next pass looks again",
  },
  IMAGE_MISSING: {
    meaning: "a container cannot be created: the host does not have its image, or has it for another platform",
    remedy: "nothing where it may be pulled; with `pull_policy: never`, pull or load it on the host",
  },
  PORT_TAKEN: {
    meaning: "a container cannot be started: another container or program has a port that it publishes",
    remedy: "find who has it (`docker ps`, `ss -ltnp`), stop it, or publish another port; it is tried again",
  },
  ENGINE_CALL: {
    meaning: "any other refusal of the Engine, or no answer to a call in time; the message has the Engine's own words",
    remedy:
      "follow the hint: free the port, the name or the disk, or correct what the Engine refuses and push; `journalctl -u docker`",
  },
  IMAGE_PULL: {
    meaning: "the registry does not have or give the image, or stopped answering",
    remedy:
      "check name and tag in git, that the image was pushed, and that the host reaches the registry; where the registry asks for a login, name its credentials in `engine.registries` of agent.yaml",
  },
  STEP_TIMEOUT: {
    meaning: "a container that others depend on did not become healthy, or did not complete, within `verify.timeout`",
    remedy: "see its last lines in the journal; mend it and push, or raise `verify.timeout`",
  },
  CONTAINER_FAILED: {
    meaning: "a container that others depend on exited, or became unhealthy",
    remedy: "see its last lines, which the journal and the report tell; mend what they name and push",
  },
  STATE_UNREADABLE: {
    meaning:
      "the ledger or the digest key is damaged, of another version, or not readable; it is never taken for empty",
    remedy:
      "restore the file from a backup, or install the holdfast that wrote it; removing the ledger forgets holds and the highest revision, and the next pass starts from what the host's labels tell",
  },
  STATE_WRITE: {
    meaning: "the state folder cannot be written or locked: its disk is full, or it may not be written",
    remedy: "free space, or make the folder writable for holdfast; the next pass carries on",
  },
  STATE_LOCKED: {
    meaning: "another holdfast holds the state folder, and does not answer on its control socket",
    remedy: "stop the other one (`systemctl status holdfast`), or give this one a `state` of its own",
  },
  AGENT_UNREACHABLE: {
    meaning: "no agent answers on the control socket, or one of another version",
    remedy:
      "`systemctl status holdfast`; run the command as the agent's user and with its agent.yaml; restart the agent after an upgrade",
  },
  INSTALL: {
    meaning: "`install` or `uninstall` cannot write a file, or systemd refuses a unit or does not run here",
    remedy:
      "run it as root, with the binary that `npm run build` makes; where the service does not start, `journalctl -u holdfast -n 20` says why",
  },
  OUTPUT: {
    meaning: "the answer was found and could not be written whole: the disk behind standard output is full or broken",
    remedy: "run it again with room for its output; the command itself has done what it says",
  },
  CANCELLED: {
    meaning: "a signal ended the work; the call under way was finished, and nothing half-read is kept",
    remedy: "start it again: the next pass finds what is there",
  },
  USAGE: {
    meaning: "the command line was not understood, or names a deployment that is not configured",
    remedy: "`holdfast COMMAND --help`; after a change of agent.yaml restart the agent",
  },
  INTERNAL: {
    meaning: "a defect of holdfast",
    remedy: "run again with `--log-level debug` and report what it prints",
  },
};

/** Codes that only a step of a plan has, beside those above. */
export const stepDocs: Readonly<Record<string, CodeDoc>> = {
  SKIPPED: {
    meaning: "a step that it needs was not done",
    remedy: "see the step that failed",
  },
};
