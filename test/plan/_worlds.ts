import fc from "fast-check";

/** One service as it is drawn; `_play-world.ts` makes sense of what does not fit together. */
export interface ServiceDraw {
  readonly image: number;
  /** Two draws that differ here alone are two revisions of a service. */
  readonly version: number;
  readonly networks: readonly number[];
  readonly volumes: readonly number[];
  /** −1: none. */
  readonly port: number;
  /** Bits: services with a lower index. */
  readonly dependsOn: number;
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  readonly required: boolean;
  readonly restartsWith: boolean;
  readonly replicas: number;
  readonly kind: "plain" | "checked" | "job" | "stopped" | "always";
  readonly shares: "nothing" | "network" | "ipc" | "pid" | "volumes";
  readonly file: "" | "x" | "y";
  readonly memory: number;
  readonly pull: "missing" | "always" | "never";
}

export interface RevisionDraw {
  /** By index; null: not in the revision. */
  readonly services: readonly (ServiceDraw | null)[];
  readonly networks: readonly { readonly attachable: boolean; readonly external: boolean }[];
  readonly volumes: readonly { readonly external: boolean; readonly create: boolean }[];
}

/** What somebody else does on the host. `target` counts in what is there. */
export interface Act {
  readonly kind: (typeof actKinds)[number];
  readonly target: number;
  readonly other: number;
}

export interface WorldDraw {
  readonly before: RevisionDraw;
  /** What git changes, by index: nothing, to another draw, or away. */
  readonly edits: readonly (ServiceDraw | "same" | "gone")[];
  readonly networks: RevisionDraw["networks"] | "same";
  readonly how: "first" | "converged" | "cut" | "cut-again" | "back" | "drift";
  readonly adopted: boolean;
  readonly ledgerLost: boolean;
  readonly keyLost: boolean;
  readonly acts: readonly Act[];
  /** Of the orders in which steps are taken, and of where a pass is killed. */
  readonly chance: number;
}

const actKinds = [
  "exit",
  "complete",
  "pause",
  "remove",
  "rename",
  "disconnect",
  "connect",
  "update",
  "unhealthy",
  "healthy",
  "restarting",
  "dead",
  "removing",
  "never-started",
  "untag",
  "move-tag",
  "drop-network",
  "other-network",
  "drop-volume",
  "one-off",
  "by-hand",
  "stranger-on-network",
  "stranger-with-name",
  "stranger-with-port",
  "copy-of-service",
  "edit-file",
] as const;

export const serviceCount = 6;
export const networkCount = 3;
export const volumeCount = 3;
export const portCount = 4;

const someOf = (count: number) => fc.subarray(Array.from({ length: count }, (_, index) => index));

const service: fc.Arbitrary<ServiceDraw> = fc.record({
  image: fc.nat({ max: 2 }),
  version: fc.nat({ max: 2 }),
  networks: someOf(networkCount),
  volumes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, someOf(volumeCount)),
  port: fc.integer({ min: -1, max: portCount - 1 }),
  dependsOn: fc.nat({ max: 2 ** serviceCount - 1 }),
  condition: fc.constantFrom("service_started", "service_healthy", "service_completed_successfully"),
  required: fc.constantFrom(true, true, true, false),
  restartsWith: fc.constantFrom(false, false, true),
  replicas: fc.constantFrom(1, 1, 1, 1, 2, 3, 0),
  kind: fc.constantFrom("plain", "plain", "checked", "job", "stopped", "always"),
  shares: fc.constantFrom("nothing", "nothing", "nothing", "nothing", "network", "ipc", "pid", "volumes"),
  file: fc.constantFrom("", "", "x", "y"),
  memory: fc.constantFrom(0, 0, 1 << 26),
  pull: fc.constantFrom("missing", "missing", "missing", "always", "never"),
});

const networks = fc.tuple(
  ...Array.from({ length: networkCount }, () =>
    fc.record({
      attachable: fc.constantFrom(false, false, true),
      external: fc.constantFrom(false, false, false, true),
    })),
);

const volumes = fc.tuple(
  ...Array.from({ length: volumeCount }, () =>
    fc.record({
      external: fc.constantFrom(false, false, true),
      create: fc.boolean(),
    })),
);

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(...actKinds),
  target: fc.nat({ max: 40 }),
  other: fc.nat({ max: 40 }),
});

export const worlds: fc.Arbitrary<WorldDraw> = fc.record({
  before: fc.record({
    services: fc.array(fc.oneof({ weight: 4, arbitrary: service }, fc.constant(null)), {
      minLength: 1,
      maxLength: serviceCount,
    }),
    networks,
    volumes,
  }),
  edits: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant("same" as const) }, service, fc.constant("gone" as const)),
    {
      maxLength: serviceCount,
    },
  ),
  networks: fc.oneof({ weight: 2, arbitrary: fc.constant("same" as const) }, networks),
  how: fc.constantFrom("first", "converged", "converged", "cut", "cut-again", "back", "drift", "drift"),
  adopted: fc.constantFrom(false, false, false, true),
  ledgerLost: fc.constantFrom(false, false, false, true),
  keyLost: fc.constantFrom(false, false, false, false, true),
  acts: fc.array(act, { maxLength: 5 }),
  chance: fc.nat(),
});
