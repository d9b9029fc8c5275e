import type { LogTail } from "./log-tail.ts";

/** What the verification of one pass saw, from outside and from the Engine. */
export interface Health {
  /** Every container that must run does, and every health check passes. */
  readonly healthy: boolean;
  /** The deployment's `verify` passed as a whole: healthy for `runningSeconds`, and every port and URL answers. */
  readonly passed: boolean;
  /** How many containers ran (or had completed with 0) when the verification ended. */
  readonly running: number;
  /** For how long they had to run without a restart; 0 when the deployment asks for none. */
  readonly runningSeconds: number;
  /** In the order of the manifest; `address` is `host:port`, or the port alone for the host's own address. */
  readonly ports: readonly PortHealth[];
  /** Published ports that were not asked: long ranges, and those of other protocols than TCP. */
  readonly unasked?: readonly string[];
  /** URLs of the manifest, in its order. */
  readonly http: readonly HttpHealth[];
  readonly failures: readonly HealthFailure[];
  /** It was ended for a newer revision: neither passed nor failed. */
  readonly superseded?: true;
}

export interface HttpHealth {
  readonly url: string;
  readonly answered: boolean;
  /** Whether it showed a certificate of the bundle; absent when that was not asked. */
  readonly certified?: boolean;
}

export interface PortHealth {
  readonly address: string;
  readonly answered: boolean;
}

export interface HealthFailure {
  /** `service/web`, `port/443`. */
  readonly resource: string;
  /** One line without secrets. */
  readonly message: string;
  readonly hint: string;
  /** The last words of its container. */
  readonly log?: LogTail;
}
