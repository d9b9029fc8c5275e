import type Docker from "dockerode";
import type { Engine } from "../../ports/engine.ts";
import { type Caller, shortId } from "./caller.ts";
import { endpointSettings } from "./endpoint.ts";
import { networkBody } from "./networks.ts";
import { volumeBody } from "./volumes.ts";

type ResourceCalls = Pick<
  Engine,
  "createNetwork" | "removeNetwork" | "connectNetwork" | "disconnectNetwork" | "createVolume"
>;

/** The calls of the port that are about networks and volumes. */
export function resourceCalls(caller: Caller): ResourceCalls {
  return {
    createNetwork: (spec, labels, signal) =>
      caller.call(`create network "${spec.name}"`, { signal }, async ({ docker, api }, abortSignal) => {
        const body = { ...networkBody(spec, labels, api), abortSignal };
        return (await docker.createNetwork(body as Docker.NetworkCreateOptions)).id;
      }),
    async removeNetwork(id, signal) {
      await caller.call(
        `remove network "${shortId(id)}"`,
        { signal },
        ({ docker }, abortSignal) => docker.getNetwork(id).remove({ abortSignal } as object),
      );
    },
    async connectNetwork(network, containerId, attachment, signal) {
      const action = `connect ${caller.nameOf(containerId)} to network "${attachment.name}"`;
      await caller.call(action, { signal }, ({ docker, api }, abortSignal) => {
        const EndpointConfig = endpointSettings(attachment, { api, links: [] });
        return docker.getNetwork(network).connect({ Container: containerId, EndpointConfig, abortSignal } as object);
      });
    },
    async disconnectNetwork(network, containerId, signal) {
      const action = `disconnect ${caller.nameOf(containerId)} from network "${shortId(network)}"`;
      await caller.call(
        action,
        { signal },
        ({ docker }, abortSignal) =>
          docker.getNetwork(network).disconnect({ Container: containerId, Force: false, abortSignal } as object),
      );
    },
    async createVolume(spec, labels, signal) {
      await caller.call(
        `create volume "${spec.name}"`,
        { signal },
        ({ docker }, abortSignal) =>
          docker.createVolume({ ...volumeBody(spec, labels), abortSignal } as Docker.VolumeCreateOptions),
      );
    },
  };
}
