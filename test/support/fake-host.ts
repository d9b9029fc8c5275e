import { createHash } from "node:crypto";
import type {
  ContainerSpec,
  NetworkAttachment,
  NetworkSpec,
  PublishedPort,
  VolumeSpec,
} from "../../src/model/container.ts";
import { HoldfastError } from "../../src/model/error.ts";
import type { ContainerState, ImageDefaults } from "../../src/model/observed.ts";

/** How the process in an image behaves once it is started. */
export type Behaviour =
  | { readonly kind: "runs"; readonly health?: "healthy" | "unhealthy" }
  | { readonly kind: "exits"; readonly exitCode: number; readonly log?: readonly string[] }
  /** The Engine cannot start it: no such program. */
  | { readonly kind: "fails"; readonly message: string };

export interface FakeImage {
  readonly id: string;
  readonly defaults: ImageDefaults;
  readonly behaviour: Behaviour;
}

export interface FakeContainer {
  readonly id: string;
  name: string;
  readonly image: FakeImage;
  /** As it was asked for; what can change while it lives is changed here too. */
  spec: ContainerSpec;
  readonly labels: Readonly<Record<string, string>>;
  state: ContainerState;
  readonly createdAt: string;
  /** Target → name of its anonymous volume. */
  readonly anonymous: ReadonlyMap<string, string>;
  log: readonly string[];
  /** Networks that were removed under it while it was stopped: it cannot start before it is connected anew. */
  readonly stale: Set<string>;
}

export interface FakeNetwork {
  readonly id: string;
  readonly spec: NetworkSpec;
  readonly labels: Readonly<Record<string, string>>;
}

export interface FakeVolume {
  readonly spec: VolumeSpec;
  readonly labels: Readonly<Record<string, string>>;
}

/** What one Docker host has: the memory of the fake Engine. */
export class FakeHost {
  readonly containers = new Map<string, FakeContainer>();
  readonly networks = new Map<string, FakeNetwork>();
  readonly volumes = new Map<string, FakeVolume>();
  readonly images = new Map<string, FakeImage>();
  /** Reference → image id. */
  readonly tags = new Map<string, string>();
  readonly registry = new Map<string, FakeImage>();
  readonly missingPaths = new Set<string>();
  readonly takenPorts = new Map<string, string>();
  readonly watchers = new Set<(type: string, what: string, labels: Readonly<Record<string, string>>) => void>();
  #count = 0;

  /** 64 hex digits, the same in every run. */
  nextId(): string {
    return createHash("sha256").update(`fake ${++this.#count}`).digest("hex");
  }

  /** A time that moves with every event. */
  now(): string {
    return new Date(Date.UTC(2026, 0, 1) + ++this.#count).toISOString();
  }

  tell(type: string, what: string, labels: Readonly<Record<string, string>>): void {
    for (const watcher of this.watchers) watcher(type, what, labels);
  }

  image(reference: string): FakeImage {
    const image = this.images.get(this.tags.get(reference) ?? reference);
    if (!image) throw gone(`No such image: ${reference}`, "IMAGE_MISSING");
    return image;
  }

  /** By id or name. */
  container(ref: string): FakeContainer {
    const found = this.containers.get(ref) ?? [...this.containers.values()].find((c) => c.name === ref);
    if (!found) throw gone(`No such container: ${ref}`);
    return found;
  }

  /** By id or name. */
  network(ref: string): FakeNetwork {
    const found = [...this.networks.values()].find((n) => n.id === ref || n.spec.name === ref);
    if (!found) throw gone(`network ${ref} not found`);
    return found;
  }

  checkName(name: string): void {
    const holder = [...this.containers.values()].find((c) => c.name === name);
    if (holder) {
      throw refused(`Conflict. The container name "/${name}" is already in use by container "${holder.id}".`);
    }
  }

  attachments(container: FakeContainer, change: (before: readonly NetworkAttachment[]) => NetworkAttachment[]): void {
    container.spec = { ...container.spec, networks: change(container.spec.networks) };
  }

  setState(container: FakeContainer, state: Partial<ContainerState>, event: string): void {
    container.state = { ...container.state, ...state };
    this.tell("container", `${event} ${container.name}`, container.labels);
  }

  /** @throws HoldfastError `PORT_TAKEN` when a port that the container publishes is held by somebody else */
  checkPorts(container: FakeContainer, networks: readonly NetworkAttachment[]): void {
    if (!this.#publishes(container, networks)) return;
    for (const port of container.spec.ports) {
      const holder = this.takenPorts.get(`${port.published}/${port.protocol}`) ?? this.#holder(port, container)?.name;
      if (holder) {
        throw new HoldfastError(
          "PORT_TAKEN",
          `Cannot do this on the Engine: Bind for ${
            port.hostIp || "0.0.0.0"
          }:${port.published} failed: port is already allocated`,
          { retry: "backoff", hint: "the fake Engine refused the call" },
        );
      }
    }
  }

  #holder(port: PublishedPort, except: FakeContainer): FakeContainer | undefined {
    return [...this.containers.values()].find((other) =>
      other !== except && other.state.status === "running" && this.#publishes(other, other.spec.networks) &&
      other.spec.ports.some((held) => samePort(held, port))
    );
  }

  /** Ports are programmed on the first network that is not internal. */
  #publishes(container: FakeContainer, networks: readonly NetworkAttachment[]): boolean {
    if (networks.length === 0) {
      return container.spec.networkMode === undefined || container.spec.networkMode === "bridge";
    }
    return networks.some((attachment) => !this.networks.get(attachment.name)?.spec.internal);
  }
}

function samePort(a: PublishedPort, b: PublishedPort): boolean {
  const anywhere = (ip: string) => ip === "" || ip === "0.0.0.0" || ip === "::";
  return a.published !== "" && a.published === b.published && a.protocol === b.protocol &&
    (a.hostIp === b.hostIp || anywhere(a.hostIp) || anywhere(b.hostIp));
}

export function refused(message: string): HoldfastError {
  return new HoldfastError("ENGINE_CALL", `Cannot do this on the Engine: ${message}`, {
    retry: "backoff",
    hint: "the fake Engine refused the call",
  });
}

export function gone(message: string, code: "ENGINE_GONE" | "IMAGE_MISSING" = "ENGINE_GONE"): HoldfastError {
  return new HoldfastError(code, `Cannot do this on the Engine: ${message}`, {
    retry: "backoff",
    hint: "look again: the host changed",
  });
}
