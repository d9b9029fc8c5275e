import { withoutHostMode } from "./_host-mode.ts";

export const hostUts = withoutHostMode({
  id: "host-uts",
  key: "uts",
  title: "No container in the host's UTS namespace",
  reason: "it may change the host's name",
  source: "CIS Docker Benchmark, host's UTS namespace",
});
