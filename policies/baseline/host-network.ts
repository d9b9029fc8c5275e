import { withoutHostMode } from "./_host-mode.ts";

export const hostNetwork = withoutHostMode({
  id: "host-network",
  key: "network_mode",
  title: "No container on the host's network",
  reason: "it reaches every service that listens on the host's loopback, and no port is the operator's to decide",
  source: "CIS Docker Benchmark, host's network namespace; KICS, Host Network Mode",
});
