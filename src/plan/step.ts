import type { ContainerSpec, NetworkSpec, Resources, RestartPolicy, VolumeSpec } from "../model/container.ts";
import type { SharedConfig } from "../model/desired.ts";
import type { ErrorDetails } from "../model/error.ts";
import type { LogTail } from "../model/log-tail.ts";
import type { Cause } from "./cause.ts";

/**
 * One act of a plan: one Docker Engine call, or one wait, or the switch of the host's files. `needs` names the steps
 * that must be done before it; a step whose needs failed is skipped. The executor decides nothing beyond that.
 */
export type Step = StepBase & StepKind;

export interface StepBase {
  /** Unique in its plan and stable for the same input (`step-id.ts`): `container.create web`. */
  readonly id: string;
  /** Resource it works on: `service/web`, `service/web[2]`, `network/default`, `volume/data`, `image/nginx:1.27`, `files`. */
  readonly resource: string;
  readonly cause: Cause;
  readonly needs: readonly string[];
}

export type StepKind =
  | { readonly kind: "image.pull"; readonly image: string; readonly platform?: string }
  | { readonly kind: "network.create"; readonly spec: NetworkSpec; readonly labels: Labels }
  | { readonly kind: "network.remove"; readonly networkId: string }
  | {
    readonly kind: "network.connect";
    readonly network: string;
    readonly container: ContainerRef;
    readonly attachment: ContainerSpec["networks"][number];
  }
  | { readonly kind: "network.disconnect"; readonly network: string; readonly container: ContainerRef }
  | { readonly kind: "volume.create"; readonly spec: VolumeSpec; readonly labels: Labels }
  /** Puts the revision's files, keys and secrets in place: before the first step that changes a container. */
  | { readonly kind: "files.switch" }
  | CreateContainer
  | { readonly kind: "container.rename"; readonly container: ContainerRef; readonly name: string }
  | {
    readonly kind: "container.update";
    readonly container: ContainerRef;
    readonly resources?: Resources;
    readonly restart?: RestartPolicy;
  }
  | {
    readonly kind: "container.start";
    readonly container: ContainerRef;
    /** A container that this plan stops has a port of it: Engines free a port a moment after a stop has answered. */
    readonly takesOverPort?: true;
  }
  | { readonly kind: "container.stop"; readonly container: ContainerRef; readonly graceSeconds?: number }
  | { readonly kind: "container.restart"; readonly container: ContainerRef; readonly graceSeconds?: number }
  | { readonly kind: "container.unpause"; readonly container: ContainerRef }
  | { readonly kind: "container.remove"; readonly container: ContainerRef }
  /** Waits until the container is what its dependents or the verification need. */
  | {
    readonly kind: "container.wait";
    readonly container: ContainerRef;
    readonly until: WaitCondition;
    readonly timeoutSeconds: number;
  };

export interface CreateContainer {
  readonly kind: "container.create";
  readonly name: string;
  readonly spec: ContainerSpec;
  readonly labels: Labels;
  /** The label that gets the id of the image, where an earlier step of this plan pulls it. */
  readonly imageIdLabel?: string;
  /** What Compose's `config-hash` label is made of, where it holds the ids of peers. */
  readonly sharedConfig?: SharedConfig;
  /** The predecessor whose anonymous volumes it takes over. */
  readonly volumesOf?: string;
  /** Services whose namespaces or volumes the spec names as `service:KEY`: the containers that are meant. */
  readonly peers: Readonly<Record<string, ContainerRef>>;
}

export type Labels = Readonly<Record<string, string>>;

/** A container that exists (`id`), or the one that an earlier step of this plan creates (`created`: that step's id). */
export type ContainerRef = { readonly id: string } | { readonly created: string };

export type WaitCondition = "healthy" | "completed";

/** Done, failed or skipped: what came of one step. */
export interface Outcome {
  readonly step: Step;
  readonly result: "done" | "failed" | "skipped";
  readonly durationMs: number;
  /** Of the container or network that the step made. */
  readonly id?: string;
  /** Of a failed step; a skipped one names the step it needed. */
  readonly error?: OutcomeError;
  /** The last words of the container that failed. */
  readonly log?: LogTail;
}

export interface OutcomeError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** What can end the failure. */
  readonly retry?: ErrorDetails["retry"];
  /** What the other side asks to be left alone for. */
  readonly retryAfterMs?: number;
}
