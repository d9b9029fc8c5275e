import type { ContainerSpec } from "../../src/model/container.ts";

/** The least that a service can ask for. */
export function minimalSpec(image: string, more: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    image,
    environment: {},
    labels: {},
    exposedPorts: [],
    ports: [],
    mounts: [],
    networks: [],
    links: [],
    volumesFrom: [],
    extraHosts: [],
    dns: [],
    dnsOptions: [],
    dnsSearch: [],
    restart: { name: "no" },
    resources: {},
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    groupAdd: [],
    devices: [],
    deviceCgroupRules: [],
    deviceRequests: [],
    sysctls: {},
    ulimits: {},
    ...more,
  };
}
