import type { Finding, Policy, PolicyInput } from "../../src/policy/policy.ts";
import { isMender } from "./_release.ts";
import { storageEndpoint, storagePorts, storageUri } from "./_storage.ts";

export const m05: Policy = {
  id: "M05",
  title: "The storage's public address is exactly the one devices use",
  severity: "deny",
  reason: "download links are signed for host and port; with another port every download ends in a signature error",
  source: "Mender production installation guide; mendersoftware/integration 6281413a",
  remedy: "write https, the storage's public name, and its published port where that is not 443: nothing else",
  appliesTo: isMender,
  rule: { kind: "check", check },
};

function check({ desired }: PolicyInput): Finding[] {
  const uri = storageUri(desired);
  if (!uri) return [];
  const { url, name, path, text } = uri;
  if (!url) return [{ path, message: `"${name}" is no URL, needed one such as "https://s3.acme.org:9000"` }];
  const findings: Finding[] = [];
  if (url.username !== "" || url.password !== "") {
    findings.push({ path, message: `"${name}" holds a user or password, needed the address alone` });
  } else if (url.protocol !== "https:") {
    findings.push({ path, message: `"${name}" is "${text}", needed https` });
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    findings.push({ path, message: `"${name}" has the path "${url.pathname}", needed none` });
  }
  const published = storagePorts(desired).filter((port) => port !== "");
  const port = url.port || "443";
  if (published.length > 0 && !published.includes(port)) {
    const needed = published.map((candidate) => candidate === "443" ? "no port" : `:${candidate}`).join(" or ");
    const message = `"${name}" leads to port ${port}, needed ${needed}, where ${storageEndpoint(desired)} is published`;
    findings.push({ path, message });
  }
  return findings;
}
