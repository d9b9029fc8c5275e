import type { LoadedProject } from "../compose/load.ts";
import type { Manifest } from "../config/manifest.ts";
import { quoteText } from "../model/escape.ts";
import type { Issue } from "../model/issue.ts";
import { nearestWord } from "../model/nearest.ts";
import type { ResolvedManifest } from "./read-manifest.ts";

type Loaded = Pick<ResolvedManifest, "manifest" | "composeFiles">;

/** Warns of profiles and services that the manifest names and the Compose files do not have. */
export function unknownReferences({ manifest, composeFiles }: Loaded, project: LoadedProject): readonly Issue[] {
  // a file whose `when` is not in the revision may have them
  if (composeFiles.length < manifest.compose.length) return [];
  const services = [...Object.keys(project.model.services), ...project.disabledServices];
  const profiles = manifest.profiles.map((name, index) => ({ name, path: `profiles[${index}]` }));
  const named = [
    ...Object.keys(manifest.services).map((name) => ({ name, path: `services.${name}` })),
    ...manifest.drift.ignore.map(({ service }, index) => ({ name: service, path: `drift.ignore[${index}].service` })),
    ...manifest.policies.waive.flatMap(({ service }, index) =>
      service === undefined ? [] : [{ name: service, path: `policies.waive[${index}].service` }]
    ),
  ];
  return [
    ...profiles.filter(({ name }) => !project.profileNames.includes(name)).map((reference) =>
      unknown(reference, manifest, { what: "No service has the profile", known: project.profileNames })
    ),
    ...named.filter(({ name }) => !services.includes(name)).map((reference) =>
      unknown(reference, manifest, { what: "The Compose files have no service", known: services })
    ),
  ];
}

function unknown(
  { name, path }: { readonly name: string; readonly path: string },
  manifest: Manifest,
  { what, known }: { readonly what: string; readonly known: readonly string[] },
): Issue {
  const near = nearestWord(name, known);
  return {
    code: "MANIFEST_REFERENCE",
    severity: "warning",
    message: `${what} ${quoteText(name)}`,
    hint: near === undefined ? "correct the name, or take it away" : `did you mean "${near}"?`,
    position: manifest.positionOf(path),
    path,
  };
}
