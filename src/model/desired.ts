import type { ComposeModel } from "./compose.ts";
import type { ContainerSpec, NetworkSpec, VolumeSpec } from "./container.ts";
import type { Position } from "./position.ts";

/** What the revision asks for, fully resolved: the input of policies and planners. */
export interface DesiredState {
  readonly project: string;
  /** Compose's canonical form of the same, for policies and `config`. */
  readonly model: ComposeModel;
  readonly services: ReadonlyMap<string, DesiredService>;
  readonly networks: ReadonlyMap<string, DesiredNetwork>;
  readonly volumes: ReadonlyMap<string, DesiredVolume>;
  /** Where a value of `model` was written: `services.web.ports[0]`; falls back to the nearest parent that has a place. */
  readonly positionOf: (path: string) => Position | undefined;
  /** Paths of `model` whose value holds bytes of a key (`services.minio.environment.MINIO_SECRET_KEY`): always masked. */
  readonly secretPaths: ReadonlySet<string>;
  /** Absolute paths on the host. */
  readonly folders: HostFolders;
  /** Compose secrets and configs whose content is not a file of git, to be placed on tmpfs. */
  readonly secretFiles: readonly SecretFile[];
}

export interface HostFolders {
  /** Where the revision's files lie: the checkout. */
  readonly checkout: string;
  /** Compose's project directory: the folder of the first Compose file, inside the checkout. */
  readonly project: string;
  /** The keys folder as Compose files see it (a link inside the checkout), if the deployment has a bundle. */
  readonly keys?: string;
  /** Where `secretFiles` are placed. */
  readonly secrets: string;
}

export interface DesiredService {
  readonly key: string;
  /** Docker name of its first container; with `replicas` above 1 the number at its end counts up. */
  readonly name: string;
  /** How many containers it has; 0: none. */
  readonly replicas: number;
  readonly spec: ContainerSpec;
  readonly dependsOn: readonly Dependency[];
  /** Compose's `config-hash` label: what `docker compose up` compares. */
  readonly configHash: string;
  /** Of a service that shares namespaces or volumes with others: what is hashed in its place, once their ids are known. */
  readonly sharedConfig?: SharedConfig;
  /** What the containers see of the revision's files and keys, by target: a changed digest recreates the service. */
  readonly boundFiles: readonly BoundFile[];
  readonly pullPolicy: "always" | "missing" | "never";
  /** `running` unless the manifest says `stopped`. A service without a restart policy may also have exited with 0. */
  readonly desired: "running" | "stopped";
}

/** Text in pieces, with the ids of the first containers of other services between them. */
export type SharedConfig = readonly (string | { readonly containerOf: string })[];

export interface Dependency {
  readonly service: string;
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  /** The dependent is restarted when this one is recreated. */
  readonly restart: boolean;
  /** false: a failing dependency does not hold the dependent back. */
  readonly required: boolean;
}

/** A file or folder of the checkout or the keys that a service binds. */
export interface BoundFile {
  readonly target: string;
  readonly origin: "checkout" | "keys" | "secrets";
  /** Path inside its origin. */
  readonly path: string;
  /** Of all bytes and modes below it: a git oid, or a keyed digest for keys and secrets. */
  readonly digest: string;
  /** Where the bind was written. */
  readonly position?: Position;
}

export interface SecretFile {
  /** File name below the secrets folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface DesiredNetwork {
  readonly key: string;
  readonly spec: NetworkSpec;
  /** An external network must exist and is never created, changed or removed. */
  readonly external: boolean;
  readonly configHash: string;
}

export interface DesiredVolume {
  readonly key: string;
  readonly spec: VolumeSpec;
  readonly external: boolean;
  /** External, but named in the manifest's `volumes`: created when missing. */
  readonly create: boolean;
  readonly configHash: string;
}
