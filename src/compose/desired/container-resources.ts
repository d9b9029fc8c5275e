import type { ComposeService, Json } from "../../model/compose.ts";
import type { BlockIo, Device, DeviceRequest, Resources, ThrottleDevice } from "../../model/container.ts";
import { bytesOf, type Fields, fieldsOf, listOf, numberOf, said, textMapOf, textOf, textsOf } from "./fields.ts";

/** A device of the Container Device Interface, such as `vendor.com/class=name`. */
const cdiName = /^[A-Za-z][A-Za-z0-9_.-]*\/[A-Za-z][A-Za-z0-9_-]*=[A-Za-z0-9][A-Za-z0-9_.:-]*$/;

/** Limits and reservations; those of `deploy.resources` win over the keys of the service, as in Compose. */
export function containerResources(service: ComposeService): Resources {
  const deployed = fieldsOf(fieldsOf(service["deploy"])["resources"]);
  const limits = fieldsOf(deployed["limits"]);
  const reservations = fieldsOf(deployed["reservations"]);
  return said({
    memoryBytes: bytesOf(limits["memory"]) ?? bytesOf(service["mem_limit"]),
    memoryReservationBytes: bytesOf(reservations["memory"]) ?? bytesOf(service["mem_reservation"]),
    memorySwapBytes: bytesOf(service["memswap_limit"]),
    memorySwappiness: bytesOf(service["mem_swappiness"]),
    cpus: cpusOf(limits["cpus"]) ?? cpusOf(service["cpus"]),
    cpuShares: numberOf(service["cpu_shares"]),
    cpuPeriod: numberOf(service["cpu_period"]),
    cpuQuota: numberOf(service["cpu_quota"]),
    cpuRtPeriod: numberOf(service["cpu_rt_period"]),
    cpuRtRuntime: numberOf(service["cpu_rt_runtime"]),
    cpuset: textOf(service["cpuset"]),
    cpuCount: numberOf(service["cpu_count"]),
    cpuPercent: numberOf(service["cpu_percent"]),
    pidsLimit: numberOf(limits["pids"]) ?? numberOf(service["pids_limit"]),
    blkio: service["blkio_config"] === undefined ? undefined : blockIo(fieldsOf(service["blkio_config"])),
  });
}

/** Compose counts in 32-bit floats: 1.2345679 CPUs become 1234567936 billionths. */
function cpusOf(value: Json | undefined): number | undefined {
  const cpus = numberOf(value);
  return cpus === undefined ? undefined : Math.trunc(Math.fround(Math.fround(cpus) * 1e9)) / 1e9;
}

function blockIo(config: Fields): BlockIo {
  const throttles = (key: string): readonly ThrottleDevice[] | undefined =>
    config[key] === undefined ? undefined : listOf(config[key]).map(fieldsOf).map((device) => ({
      path: textOf(device["Path"]) ?? "",
      rate: bytesOf(device["Rate"]) ?? 0,
    }));
  return said({
    weight: numberOf(config["weight"]),
    weightDevice: config["weight_device"] === undefined
      ? undefined
      : listOf(config["weight_device"]).map(fieldsOf).map((device) => ({
        path: textOf(device["Path"]) ?? "",
        weight: numberOf(device["Weight"]) ?? 0,
      })),
    deviceReadBps: throttles("device_read_bps"),
    deviceReadIops: throttles("device_read_iops"),
    deviceWriteBps: throttles("device_write_bps"),
    deviceWriteIops: throttles("device_write_iops"),
  });
}

/** Devices of the host; those of the Container Device Interface are requests. */
export function plainDevices(service: ComposeService): readonly Device[] {
  return devicesOf(service).filter((device) => !isCdi(device));
}

function devicesOf(service: ComposeService): readonly Device[] {
  return listOf(service["devices"]).map(fieldsOf).map((device) => ({
    source: textOf(device["source"]) ?? "",
    target: textOf(device["target"]) ?? "",
    permissions: textOf(device["permissions"]) ?? "",
  }));
}

function isCdi(device: Device): boolean {
  return device.source === device.target && cdiName.test(device.source);
}

/** What a service asks of device drivers: `deploy`, `gpus` and devices of the Container Device Interface. */
export function deviceRequests(service: ComposeService): readonly DeviceRequest[] {
  const reserved = listOf(fieldsOf(fieldsOf(fieldsOf(service["deploy"])["resources"])["reservations"])["devices"]);
  const cdi = devicesOf(service).filter(isCdi).map((device) => device.source);
  return [
    ...reserved.map(fieldsOf).map((device) => request(device, textsOf(device["capabilities"]))),
    ...(cdi.length > 0 ? [{ driver: "cdi", count: 0, deviceIds: cdi, capabilities: [], options: {} }] : []),
    ...listOf(service["gpus"]).map(fieldsOf).map((device) =>
      request(device, [...textsOf(device["capabilities"]), "gpu"])
    ),
  ];
}

function request(device: Fields, capabilities: readonly string[]): DeviceRequest {
  return {
    driver: textOf(device["driver"]) ?? "",
    count: numberOf(device["count"]) ?? 0,
    deviceIds: textsOf(device["device_ids"]),
    capabilities: [capabilities],
    options: textMapOf(device["options"]),
  };
}
