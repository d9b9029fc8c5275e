import { withProtection } from "./_security-option.ts";

export const selinuxLabel = withProtection({
  id: "selinux-label",
  title: "The SELinux label is on",
  reason: "without it the container may touch files of the host and of other containers",
  source: "CIS Docker Benchmark, SELinux security options",
  off: /^label[:=]disable$/i,
});
