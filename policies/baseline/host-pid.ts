import { withoutHostMode } from "./_host-mode.ts";

export const hostPid = withoutHostMode({
  id: "host-pid",
  key: "pid",
  title: "No container among the host's processes",
  reason: "it sees all processes of the host, their environment among it, and may signal them",
  source: "CIS Docker Benchmark, host's process namespace; KICS, Shared Host PID Namespace",
});
