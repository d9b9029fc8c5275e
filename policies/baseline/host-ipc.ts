import { withoutHostMode } from "./_host-mode.ts";

export const hostIpc = withoutHostMode({
  id: "host-ipc",
  key: "ipc",
  title: "No container in the host's IPC namespace",
  reason: "it reads and writes the shared memory of the host's processes",
  source: "CIS Docker Benchmark, host's IPC namespace; KICS, Shared Host IPC Namespace",
});
