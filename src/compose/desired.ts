import type {
  DesiredNetwork,
  DesiredService,
  DesiredState,
  DesiredVolume,
  HostFolders,
  SecretFile,
} from "../model/desired.ts";
import type { DigestKey } from "../model/digest.ts";
import type { GuardedPaths } from "../model/guarded.ts";
import type { RevisionFiles } from "../model/files.ts";
import { compareText, hasErrors, type Issue } from "../model/issue.ts";
import type { KeyFacts } from "../model/keys.ts";
import { boundFiles } from "./desired/bound-files.ts";
import { checkAmounts } from "./runnable/check-amounts.ts";
import { checkGuarded } from "./runnable/check-guarded.ts";
import { checkRunnable } from "./runnable/check-runnable.ts";
import { containerName } from "./desired/container-name.ts";
import { createIssueList, type IssueList } from "./desired/issue-list.ts";
import { networkConfigHash, serviceConfigHash, sharedConfig, volumeConfigHash } from "./desired/config-hash.ts";
import { containerSpec } from "./desired/container-spec.ts";
import { replicasOf } from "./desired/replicas.ts";
import { type Fields, fieldsOf, flagOf, textOf } from "./desired/fields.ts";
import type { LoadedProject } from "./load.ts";
import type { Position } from "../model/position.ts";
import { placesIn } from "./tree/locate.ts";
import { entry, type Node } from "./tree/node.ts";
import { networkSpec, volumeSpec } from "./desired/resource-specs.ts";

/** What of the host and the manifest decides what is to run. */
export interface DesiredOptions {
  readonly folders: HostFolders;
  /** Digests of bound files and folders come from their oids and modes. */
  readonly files: RevisionFiles;
  /**
   * `into`: the repository-relative folder of the opened keys. Without facts the bundle was not opened: whatever is
   * bound from the folder is taken to be there.
   */
  readonly keys?: { readonly into: string; readonly facts?: KeyFacts };
  /** The manifest's `volumes`: external ones that may be created when missing. */
  readonly creatableVolumes: readonly string[];
  /** Services that the manifest wants stopped. */
  readonly stoppedServices: readonly string[];
  readonly digestKey: DigestKey;
  readonly guarded?: GuardedPaths;
}

export interface DesiredResult {
  /** Absent when an issue is an error. */
  readonly desired?: DesiredState;
  /** Places of all values of the model by their path: what `positionOf` looks up, as data. */
  readonly places: () => ReadonlyMap<string, Position>;
  /** What Compose accepts and holdfast cannot run, or an operator should know; sorted. */
  readonly issues: readonly Issue[];
}

/** What one part of the desired state is made from. */
export interface DesiredContext {
  readonly project: LoadedProject;
  readonly options: DesiredOptions;
  readonly issues: IssueList;
  /** Files for tmpfs, by name: containers that want the same one share it. */
  readonly secretFiles: Map<string, SecretFile>;
}

/** Turns a loaded project into what the host has to run. */
export function desiredState(project: LoadedProject, options: DesiredOptions): DesiredResult {
  const issues = createIssueList(project);
  const places = () => placesIn(project.tree);
  const context: DesiredContext = { project, options, issues, secretFiles: new Map() };
  if (!checkAmounts(context)) return { places, issues: issues.issues() };
  checkRunnable(context);
  checkGuarded(context);
  const services = new Map<string, DesiredService>();
  for (const key of Object.keys(project.model.services).sort(compareText)) {
    services.set(key, desiredService(key, context));
  }
  const found = issues.issues();
  if (hasErrors(found)) return { places, issues: found };
  const desired: DesiredState = {
    project: project.model.name,
    model: project.model,
    services,
    networks: desiredNetworks(context),
    volumes: desiredVolumes(context),
    positionOf: project.positionOf,
    secretPaths: project.secretPaths,
    folders: options.folders,
    secretFiles: [...context.secretFiles.values()].sort((a, b) => compareText(a.path, b.path)),
  };
  return { desired, places, issues: found };
}

function desiredService(key: string, context: DesiredContext): DesiredService {
  const { project, options } = context;
  const service = project.model.services[key]!;
  const spec = containerSpec(key, context);
  const tree = treeOf(project, "services", key);
  const shared = sharedConfig(tree);
  return {
    key,
    name: containerName(project, key),
    replicas: replicasOf(service),
    spec,
    dependsOn: dependenciesOf(key, context),
    configHash: serviceConfigHash(tree),
    ...(shared && { sharedConfig: shared }),
    boundFiles: boundFiles(key, spec, context),
    pullPolicy: pullPolicyOf(textOf(service["pull_policy"])),
    desired: options.stoppedServices.includes(key) ? "stopped" : "running",
  };
}

function dependenciesOf(key: string, context: DesiredContext): DesiredService["dependsOn"] {
  const { services } = context.project.model;
  const dependencies = fieldsOf(services[key]!["depends_on"]);
  return Object.keys(dependencies).sort(compareText).filter((name) => Object.hasOwn(services, name)).map((service) => {
    const dependency = fieldsOf(dependencies[service]);
    const condition = textOf(dependency["condition"]);
    return {
      service,
      condition: condition === "service_healthy" || condition === "service_completed_successfully"
        ? condition
        : "service_started",
      restart: flagOf(dependency["restart"]) ?? false,
      required: flagOf(dependency["required"]) ?? true,
    };
  });
}

function pullPolicyOf(policy: string | undefined): DesiredService["pullPolicy"] {
  return policy === "always" || policy === "never" ? policy : "missing";
}

function desiredNetworks(context: DesiredContext): ReadonlyMap<string, DesiredNetwork> {
  const { project } = context;
  const networks = fieldsOf(project.model.networks as Fields | undefined);
  return new Map(
    Object.keys(networks).sort(compareText).map((key): [string, DesiredNetwork] => {
      const network = fieldsOf(networks[key]);
      const configHash = networkConfigHash(treeOf(project, "networks", key));
      return [key, { key, spec: networkSpec(network), external: flagOf(network["external"]) ?? false, configHash }];
    }),
  );
}

function desiredVolumes(context: DesiredContext): ReadonlyMap<string, DesiredVolume> {
  const { project, options } = context;
  const volumes = fieldsOf(project.model.volumes as Fields | undefined);
  return new Map(
    Object.keys(volumes).sort(compareText).map((key): [string, DesiredVolume] => {
      const volume = fieldsOf(volumes[key]);
      const spec = volumeSpec(volume);
      const external = flagOf(volume["external"]) ?? false;
      const create = external &&
        (options.creatableVolumes.includes(spec.name) || options.creatableVolumes.includes(key));
      return [key, { key, spec, external, create, configHash: volumeConfigHash(treeOf(project, "volumes", key)) }];
    }),
  );
}

function treeOf(project: LoadedProject, kind: "services" | "networks" | "volumes", key: string): Node {
  return entry(entry(project.tree, kind), key)!;
}
