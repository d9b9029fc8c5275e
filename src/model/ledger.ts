/**
 * What the agent remembers of one deployment. Everything in it can be rebuilt from git and labels, except `highest` and
 * the holds; it never holds a value of a key.
 */
export interface Ledger {
  readonly version: 1;
  readonly deployment: string;
  /** The revision whose steps were last all done. */
  readonly applied?: AppliedRevision;
  /** The revision that was last tried, whatever came of it; `held`: all of it that nothing is in the way of. */
  readonly attempted?: {
    readonly commit: string;
    readonly at: string;
    readonly outcome: "applied" | "failed" | "held";
  };
  /** Revisions whose files may lie in the checkout: two while it is being switched. */
  readonly placed: readonly string[];
  /** Only moves to descendants. */
  readonly highest?: string;
  /** Why a newer revision is not applied; ends when git moves past `commit`. */
  readonly hold?: Hold;
  /** Whether the predecessors of `applied` were let go after its verification passed. */
  readonly verified: boolean;
  /** What we answer for, beyond the labels: adopted resources carry none of ours. */
  readonly inventory: Inventory;
  readonly corrections?: Corrections;
}

/** Resource (`service/web`) → field, in the operator's words → its corrections that did not last. */
export type Corrections = Readonly<Record<string, Readonly<Record<string, Correction>>>>;

/** A field that differed again although this agent had corrected it: all but names are keyed digests. */
export interface Correction {
  readonly count: number;
  /** Id of the container or network that showed it last; "" for a file. */
  readonly id: string;
  /** Of what git says of the resource, and of this field. */
  readonly definition: string;
  readonly want: string;
  /** Of the Engine's version and configuration. */
  readonly engine: string;
  readonly imageId: string;
  readonly at: string;
}

export interface AppliedRevision {
  readonly commit: string;
  readonly tree: string;
  readonly at: string;
}

export interface Hold {
  readonly commit: string;
  /**
   * `denied`: a policy; `invalid`: its files or keys; `failed`: apply or verification; `obstructed`: something on the
   * host is in the way of a service: the rest of the revision goes on, and the hold ends by itself.
   */
  readonly kind: "denied" | "invalid" | "failed" | "obstructed";
  /** One line without secrets: the policies that deny it (`policy privileged`), or what is invalid, or what failed. */
  readonly reason: string;
  readonly at: string;
}

export interface Inventory {
  /** Service key → the container that answers for it. */
  readonly services: Readonly<Record<string, AnsweringContainer>>;
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  /**
   * Id of each container and network that this agent made → what the Engine made of it: key of a field → keyed digest
   * of what was found right afterwards, where that is not what git says.
   */
  readonly made?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What each network and volume was made from or taken over with, by resource: `network/demo_default`, `volume/data`. */
  readonly definitions?: Readonly<Record<string, KnownDefinition>>;
}

/** Keyed digests of what git said of a network or a volume: of all of it (`v1:<key id>:<hex>`), and of each key. */
export interface RecordedDefinition {
  readonly digest: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface KnownDefinition extends RecordedDefinition {
  /** Docker id of the network; a volume has none. */
  readonly id: string;
}

export interface AnsweringContainer {
  readonly containerId: string;
  /** As the label has it: `v1:<key id>:<hex>`. */
  readonly digest: string;
  /** It ran when the verification ended: an exit with 0 afterwards is no completed job, somebody stopped it. */
  readonly ran?: boolean;
}

/** The revision that is enforced while no newer one is: the applied one, or one that waits for what is in its way. */
export function enforcedCommit({ applied, attempted }: Ledger): string | undefined {
  return attempted?.outcome === "held" ? attempted.commit : applied?.commit;
}

/** The ledger of a deployment that this agent has never applied. */
export function emptyLedger(deployment: string): Ledger {
  return {
    version: 1,
    deployment,
    placed: [],
    verified: false,
    inventory: { services: {}, networks: [], volumes: [], made: {}, definitions: {} },
    corrections: {},
  };
}
