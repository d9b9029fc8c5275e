import type { Issue } from "./issue.ts";

/** Stable codes of everything that ends a pass. Part of the published JSON and of `docs/errors.md`: never renamed. */
export type ErrorCode =
  | "CONFIG_READ" // agent.yaml is missing or unreadable
  | "CONFIG_INVALID" // agent.yaml or holdfast.yaml breaks its schema
  | "CONFIG_EMPTY" // agent.yaml has no deployment yet
  | "SOURCE_UNREACHABLE" // no connection, a time-out, a cut connection
  | "SOURCE_DENIED" // 401 or 403
  | "SOURCE_NOT_FOUND" // 404, or no repository at the path
  | "SOURCE_PROTOCOL" // an answer that is not git's
  | "SOURCE_REF" // the ref does not exist, or the repository is empty
  | "SOURCE_LIMIT" // more bytes, files or depth than allowed
  | "SOURCE_UNSAFE" // a tree or object that a strict reader refuses
  | "KEYS_UNLOCK" // the passphrase or private key cannot be read
  | "KEYS_DECRYPT" // wrong passphrase, damaged or unauthenticated bundle
  | "KEYS_ARCHIVE" // the opened bundle is not a tar that may be placed
  | "KEYS_MISSING" // the manifest names a bundle that the revision lacks
  | "REVISION_INVALID" // the files of the revision have issues (see `issues`)
  | "POLICY_DENIED" // a policy denies the revision
  | "RUNTIME_FOLDER" // the runtime folder is not a tmpfs
  | "HOST_FILES" // the checkout or keys folder cannot be written, or differs from what holdfast put there
  | "ENGINE_UNREACHABLE" // the Engine's socket does not answer
  | "ENGINE_VERSION" // the Engine is too old
  | "ENGINE_GONE" // 404: the resource has gone since the snapshot
  | "IMAGE_MISSING" // a container cannot be created without its image
  | "PORT_TAKEN" // a container cannot be started: somebody has its port
  | "ENGINE_CALL" // any other refusal of the Engine
  | "IMAGE_PULL" // the registry does not have or give the image
  | "STEP_TIMEOUT" // a container did not become healthy or complete in time
  | "CONTAINER_FAILED" // a container exited, or became unhealthy, when it had to run
  | "STATE_UNREADABLE" // the ledger or digest key cannot be read
  | "STATE_WRITE" // the state folder cannot be written
  | "STATE_LOCKED" // another agent holds the state folder
  | "AGENT_UNREACHABLE" // no agent answers on the control socket
  | "INSTALL" // the service cannot be installed, started or removed
  | "OUTPUT" // the answer could not be written
  | "CANCELLED" // a signal ended the work
  | "USAGE" // the command line
  | "INTERNAL"; // a defect of holdfast

export interface ErrorDetails {
  /** What can end the failure: time, a new commit, or a person. */
  readonly retry: "backoff" | "next-revision" | "operator";
  /** Something to act on at 3 am. */
  readonly hint: string;
  /** What the other side asks to be left alone for, bounded. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
  /** For `CONFIG_INVALID` and `REVISION_INVALID`: everything that was found. */
  readonly issues?: readonly Issue[];
}

/**
 * Ends a pass or a command. The message reads "Cannot" + the action + what was found + what was needed,
 * values quoted, and never holds a secret.
 */
export class HoldfastError extends Error {
  override name = "HoldfastError";
  readonly code: ErrorCode;
  readonly retry: ErrorDetails["retry"];
  readonly hint: string;
  readonly retryAfterMs: number | undefined;
  readonly issues: readonly Issue[];

  constructor(code: ErrorCode, message: string, more: ErrorDetails) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.retry = more.retry;
    this.hint = more.hint;
    this.retryAfterMs = more.retryAfterMs;
    this.issues = more.issues ?? [];
  }
}

/** What was thrown, as a HoldfastError: ours as it is, anything else as a defect with its cause kept. */
export function asHoldfastError(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  return new HoldfastError("INTERNAL", `Cannot go on: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    retry: "backoff",
    hint: "this is a defect of holdfast; run again with --log-level debug and report what it prints",
    cause: thrown,
  });
}
