import { withoutHostMode } from "./_host-mode.ts";

export const hostCgroup = withoutHostMode({
  id: "host-cgroup",
  key: "cgroup",
  title: "No container in the host's cgroup namespace",
  reason: "it sees the control groups of the host, and with write access leaves its own limits",
  source: "KICS, Cgroup Not Default; CIS Docker Benchmark, cgroup usage",
});
