import type { ComposeService } from "../../src/model/compose.ts";
import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isBelow, list, record, text } from "../../src/policy/service.ts";
import { minio, mongo } from "./_names.ts";
import { isMender } from "./_release.ts";

export const m26: Policy = {
  id: "M26",
  title: "Databases and artifacts lie on named volumes",
  severity: "deny",
  reason: "at another path the data lands in an anonymous volume, and is gone when the container is replaced",
  source: "mendersoftware/integration f57a04ad; mender-server pull request 110",
  remedy: "mount the volume at the path that the service writes to",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const { services } = desired.model;
  const wanted: readonly (readonly [string, string | undefined])[] = [
    [minio, minioPath(services[minio])],
    [mongo, "/data/db"],
    ["mender-elasticsearch", "/usr/share/elasticsearch/data"],
  ];
  return wanted.flatMap(([key, target]): Finding[] => {
    const service = services[key];
    if (!service || target === undefined) return [];
    const mounts = list(service["volumes"]).map(record);
    const isKept = mounts.some((mount) => mount["source"] && isBelow(target, text(mount["target"])));
    if (isKept) return [];
    return [{
      path: ["services", key, "volumes"],
      message: `No named volume at "${target}", where ${key} keeps its data`,
    }];
  });
}

/** `minio server PATH`; undefined with another command. */
function minioPath(service: ComposeService | undefined): string | undefined {
  const words = list(service?.["command"]).map(text);
  const path = words[0] === "server" ? words.slice(1).find((word) => word.startsWith("/")) : undefined;
  return path?.replace(/(?<=.)\/+$/, "");
}
