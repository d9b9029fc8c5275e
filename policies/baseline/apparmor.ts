import { withProtection } from "./_security-option.ts";

export const apparmor = withProtection({
  id: "apparmor",
  title: "The AppArmor profile is on",
  reason: "without it nothing stops the container from writing to the kernel's files",
  source: "CIS Docker Benchmark, AppArmor profile",
  off: /^apparmor[:=]unconfined$/i,
});
