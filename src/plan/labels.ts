import type { DigestKey } from "../model/digest.ts";
import type { DesiredNetwork, DesiredService, DesiredState, DesiredVolume } from "../model/desired.ts";
import { composeLabel, composeVersion, holdfastLabel } from "../model/labels.ts";
import { compareText } from "../model/issue.ts";
import { definitionLabels, networkDefinition, volumeDefinition } from "./definition.ts";
import { secretKeys, secretOptions } from "./secret-fields.ts";
import { fileDigests, serviceDigest } from "./service-digest.ts";
import type { Labels } from "./step.ts";

/** Who creates a resource, and for which revision. */
export interface LabelContext {
  readonly deployment: string;
  readonly commit: string;
  readonly digestKey: DigestKey;
  /** Absolute paths of the Compose files on the host, in merge order. */
  readonly configFiles: readonly string[];
}

/** The operator's labels, Compose's whole set and ours. `imageId` is the local image's, undefined when it is still to be pulled. */
export function containerLabels(
  service: DesiredService,
  options: {
    readonly desired: DesiredState;
    readonly number: number;
    readonly imageId: string | undefined;
    readonly context: LabelContext;
  },
): Labels {
  const { desired, number, imageId, context } = options;
  const files = fileDigests(service, context.digestKey);
  return {
    ...service.spec.labels,
    [composeLabel.configHash]: service.configHash,
    [composeLabel.containerNumber]: String(number),
    [composeLabel.dependsOn]: [...service.dependsOn]
      .sort((a, b) => compareText(a.service, b.service))
      .map((needed) => `${needed.service}:${needed.condition}:${needed.restart}`).join(","),
    ...(imageId === undefined ? {} : { [composeLabel.image]: imageId }),
    [composeLabel.oneoff]: "False",
    [composeLabel.project]: desired.project,
    [composeLabel.configFiles]: context.configFiles.join(","),
    [composeLabel.workingDir]: desired.folders.project,
    [composeLabel.service]: service.key,
    [composeLabel.version]: composeVersion,
    ...ours(context),
    [holdfastLabel.digest]: serviceDigest(service, context.digestKey),
    ...(Object.keys(files).length > 0 ? { [holdfastLabel.files]: JSON.stringify(files) } : {}),
    ...secretsLabel(secretKeys(service, desired)),
  };
}

/** The operator's labels, Compose's and ours. */
export function networkLabels(network: DesiredNetwork, desired: DesiredState, context: LabelContext): Labels {
  return {
    ...network.spec.labels,
    [composeLabel.configHash]: network.configHash,
    [composeLabel.network]: network.key,
    [composeLabel.project]: desired.project,
    [composeLabel.version]: composeVersion,
    ...ours(context),
    ...definitionLabels(networkDefinition(network.spec), context.digestKey),
    ...secretsLabel(secretOptions(["networks", network.key], desired)),
  };
}

/** An external volume that may be created belongs to nobody's project: it carries our labels alone. */
export function volumeLabels(volume: DesiredVolume, desired: DesiredState, context: LabelContext): Labels {
  if (volume.external) return { ...volume.spec.labels, ...ours(context) };
  return {
    ...volume.spec.labels,
    [composeLabel.configHash]: volume.configHash,
    [composeLabel.project]: desired.project,
    [composeLabel.version]: composeVersion,
    [composeLabel.volume]: volume.key,
    ...ours(context),
    ...definitionLabels(volumeDefinition(volume.spec), context.digestKey),
    ...secretsLabel(secretOptions(["volumes", volume.key], desired)),
  };
}

function secretsLabel(keys: readonly string[]): Labels {
  return keys.length > 0 ? { [holdfastLabel.secrets]: JSON.stringify(keys) } : {};
}

function ours(context: LabelContext): Labels {
  return { [holdfastLabel.deployment]: context.deployment, [holdfastLabel.revision]: context.commit };
}
