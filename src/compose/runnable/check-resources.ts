import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { containerResources } from "../desired/container-resources.ts";
import { fieldsOf, numberOf, textOf } from "../desired/fields.ts";

/** What the Engine asks of limits. */
const leastMemory = 6 * 1024 * 1024;
const cpuPeriods = { least: 1000, most: 1_000_000 } as const;

/** Holds the limits of a service against what the Engine grants. */
export function checkResources(at: ServiceAt): void {
  checkMemory(at);
  checkProcessor(at);
}

function checkMemory(at: ServiceAt): void {
  const { service, context } = at;
  const {
    memoryBytes: limit,
    memoryReservationBytes: reservation,
    memorySwapBytes: swap,
    memorySwappiness: swappiness,
  } = containerResources(service);
  const limitPath = pathOf("mem_limit", "limits", at);
  const reservationPath = pathOf("mem_reservation", "reservations", at);
  const refuse = (path: string, value: number, problem: string, hint: string): void =>
    refuseValue(context, { path, found: String(value), problem, hint });
  for (const [path, value] of [[limitPath, limit], [reservationPath, reservation]] as const) {
    if (value !== undefined && value !== 0 && value < leastMemory) {
      refuse(path, value, "less than the 6 MB that the Engine asks for", "write 6m or more");
    }
  }
  if (limit && reservation && reservation > limit) {
    refuse(reservationPath, reservation, `more than the limit of ${limit}`, "reserve as much as the limit, or less");
  }
  const swapPath = `${at.path}.memswap_limit`;
  if (swap !== undefined && swap > 0 && !limit) {
    refuse(swapPath, swap, "and there is no limit of memory", "add `mem_limit`");
  } else if (swap !== undefined && swap > 0 && limit && swap < limit) {
    const hint = "it counts memory and swap together: write more than the limit of memory, or -1";
    refuse(swapPath, swap, `less than the limit of memory, ${limit}`, hint);
  }
  if (swappiness !== undefined && (swappiness < -1 || swappiness > 100)) {
    refuse(`${at.path}.mem_swappiness`, swappiness, "not from 0 to 100", "write a number from 0 to 100");
  }
  const shm = Number(textOf(service["shm_size"]) ?? 0);
  if (shm < 0) refuse(`${at.path}.shm_size`, shm, "less than 0", "write a size such as 64m");
}

function checkProcessor(at: ServiceAt): void {
  const { service, path, context } = at;
  const { cpus = 0, cpuPeriod = 0, cpuQuota = 0, cpuShares = 0, cpuset } = containerResources(service);
  const refuse = (key: string, found: string | number, problem: string, hint: string): void =>
    refuseValue(context, { path: `${path}.${key}`, found: String(found), problem, hint });
  if (cpus < 0) {
    const where = pathOf("cpus", "limits", at);
    refuseValue(context, { path: where, found: String(cpus), problem: "less than 0", hint: "write 0.5, 1 or 2" });
  }
  if (cpus > 0 && cpuPeriod !== 0) refuse("cpu_period", cpuPeriod, "and `cpus` is given too", "keep one of the two");
  else if (cpuPeriod !== 0 && (cpuPeriod < cpuPeriods.least || cpuPeriod > cpuPeriods.most)) {
    const { least, most } = cpuPeriods;
    refuse("cpu_period", cpuPeriod, `not from ${least} to ${most} microseconds`, "write a period such as 100000");
  }
  if (cpus > 0 && cpuQuota !== 0) refuse("cpu_quota", cpuQuota, "and `cpus` is given too", "keep one of the two");
  else if (cpuQuota > 0 && cpuQuota < cpuPeriods.least) {
    refuse("cpu_quota", cpuQuota, `less than ${cpuPeriods.least} microseconds`, "write a quota such as 50000");
  }
  if (cpuShares < 0) refuse("cpu_shares", cpuShares, "less than 0", "write a weight such as 1024");
  if (cpuset !== undefined && !isCpuset(cpuset)) {
    refuse("cpuset", cpuset, "no list of processors", 'write numbers and ranges: "0-2,4"');
  }
}

/** Where a limit is said: by `deploy`, which wins, or by the service. */
function pathOf(key: "mem_limit" | "mem_reservation" | "cpus", kind: "limits" | "reservations", at: ServiceAt): string {
  const deployed = fieldsOf(fieldsOf(fieldsOf(at.service["deploy"])["resources"])[kind]);
  const name = key === "cpus" ? "cpus" : "memory";
  const isDeployed = textOf(deployed[name]) !== undefined || numberOf(deployed[name]) !== undefined;
  return isDeployed ? `${at.path}.deploy.resources.${kind}.${name}` : `${at.path}.${key}`;
}

function isCpuset(text: string): boolean {
  return text.split(",").every((part) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    return first !== undefined && (last === undefined || Number(first) <= Number(last));
  });
}
