/** What one revision may cost. Exceeding any is `SOURCE_LIMIT`. */
export interface GitLimits {
  /** Bytes received for one fetch. */
  readonly maxPackBytes: number;
  /** Files, and folders, of one revision. */
  readonly maxFiles: number;
  /** Bytes of all paths together. */
  readonly maxPathBytes: number;
  readonly maxFileBytes: number;
  /** Bytes of all files of one revision, and of all objects that come with it, unpacked. */
  readonly maxTotalBytes: number;
  /** Folders inside each other. */
  readonly maxDepth: number;
}

/** How long each stage may take, in milliseconds. Exceeding any is `SOURCE_UNREACHABLE`. */
export interface GitTimeouts {
  /** Until the connection stands, TLS included; from when a socket was asked for it. */
  readonly connectMs: number;
  /** From the request to the head of its answer. */
  readonly headersMs: number;
  /** Between two pieces of an answer's body. */
  readonly bodyIdleMs: number;
  /** One `resolve` or `fetch` with all its requests. */
  readonly totalMs: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: GitLimits = {
  maxPackBytes: 256 * MiB,
  maxFiles: 50_000,
  maxPathBytes: 16 * MiB,
  maxFileBytes: 64 * MiB,
  maxTotalBytes: 512 * MiB,
  maxDepth: 64,
};

export const defaultTimeouts: GitTimeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyIdleMs: 30_000,
  totalMs: 300_000,
};
