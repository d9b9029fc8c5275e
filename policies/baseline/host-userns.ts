import { withoutHostMode } from "./_host-mode.ts";

export const hostUserns = withoutHostMode({
  id: "host-userns",
  key: "userns_mode",
  title: "No container in the host's user namespace",
  reason: "root in the container is root on the host, also where the Engine remaps users",
  source: "CIS Docker Benchmark, host's user namespaces; KICS, Shared Host User Namespace",
});
