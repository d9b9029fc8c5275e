/** A question to the agent that runs on this host, through its control socket. */
export interface ControlRequest {
  readonly method: "GET" | "POST";
  /** With its query: `/sync/mender?wait=1`. */
  readonly path: string;
  readonly timeoutMs: number;
}

export interface ControlClient {
  /**
   * @returns the answer's JSON
   * @throws HoldfastError `AGENT_UNREACHABLE` when no agent answers; what the agent itself answers as an error
   */
  ask(request: ControlRequest, signal: AbortSignal): Promise<unknown>;
}
