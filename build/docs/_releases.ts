import type { DesiredState } from "../../src/model/desired.ts";
import type { Policy } from "../../src/policy/policy.ts";

/** Releases of the Mender Server whose Compose files people run, in order. */
const releases = [
  ...["2.2", "2.3", "2.4", "2.5", "2.6", "2.7"],
  ...["3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8"],
  ...["4.0", "4.1"],
];
const editions = { "open source": "deployments", Enterprise: "deployments-enterprise" } as const;

/** For which deployments a policy is asked: found out by asking it about a deployment of each release and edition. */
export function appliesTo(policy: Policy): string {
  if (policy.appliesTo === undefined || policy.appliesTo(deploymentOf("nginx:1.27"))) return "every deployment";
  const asked = Object.entries(editions).map(([edition, image]) => ({
    edition,
    releases: releases.filter((release) =>
      policy.appliesTo!(deploymentOf(`mendersoftware/${image}:mender-${release}.0`))
    ),
  })).filter((each) => each.releases.length > 0);
  const ranges = [...new Set(asked.map((each) => rangeOf(each.releases)))];
  if (ranges.length !== 1) {
    throw new Error(`policy ${policy.id} asks for other releases by edition: ${ranges.join("; ")}`);
  }
  const only = asked.length === Object.keys(editions).length ? "" : `${asked[0]!.edition}, `;
  return `${only}${ranges[0]}`;
}

function rangeOf(found: readonly string[]): string {
  const first = releases.indexOf(found[0]!);
  const isGapless = found.every((release, index) => release === releases[first + index]);
  if (!isGapless) throw new Error(`no range of releases: ${found.join(", ")}`);
  const isOpenBelow = first === 0;
  const isOpenAbove = found.at(-1) === releases.at(-1);
  if (isOpenBelow && isOpenAbove) return "every release";
  if (isOpenAbove) return `${found[0]} and later`;
  return isOpenBelow ? `up to ${found.at(-1)}` : `${found[0]} to ${found.at(-1)}`;
}

/** A project of one service: all that a policy looks at to know whether it is asked. */
function deploymentOf(image: string): DesiredState {
  return {
    project: "p",
    model: { name: "p", services: { web: { image } } },
    services: new Map(),
    networks: new Map(),
    volumes: new Map(),
    positionOf: () => undefined,
    secretPaths: new Set(),
    folders: { checkout: "/c", project: "/c", secrets: "/s" },
    secretFiles: [],
  };
}
