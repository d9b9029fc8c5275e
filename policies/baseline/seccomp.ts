import { withProtection } from "./_security-option.ts";

export const seccomp = withProtection({
  id: "seccomp",
  title: "The filter for system calls is on",
  reason: "without it the container may use every system call, those with holes among them",
  source: "CIS Docker Benchmark, default seccomp profile is not disabled; KICS, Default Seccomp Profile Disabled",
  off: /^seccomp[:=]unconfined$/i,
});
