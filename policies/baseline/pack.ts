import type { Pack } from "../../src/policy/policy.ts";
import { apiSocket } from "./api-socket.ts";
import { apparmor } from "./apparmor.ts";
import { capabilities } from "./capabilities.ts";
import { cgroupParent } from "./cgroup-parent.ts";
import { containerName } from "./container-name.ts";
import { devices } from "./devices.ts";
import { engineSocket } from "./engine-socket.ts";
import { homeSecrets } from "./home-secrets.ts";
import { hostCgroup } from "./host-cgroup.ts";
import { hostIpc } from "./host-ipc.ts";
import { hostNetwork } from "./host-network.ts";
import { hostPath } from "./host-path.ts";
import { hostPid } from "./host-pid.ts";
import { hostUserns } from "./host-userns.ts";
import { hostUts } from "./host-uts.ts";
import { imageTag } from "./image-tag.ts";
import { logRotation } from "./log-rotation.ts";
import { memoryLimit } from "./memory-limit.ts";
import { mountPropagation } from "./mount-propagation.ts";
import { plaintextSecret } from "./plaintext-secret.ts";
import { portInterface } from "./port-interface.ts";
import { privileged } from "./privileged.ts";
import { publishedPort } from "./published-port.ts";
import { restartPolicy } from "./restart-policy.ts";
import { seccomp } from "./seccomp.ts";
import { selinuxLabel } from "./selinux-label.ts";

/** What any production project should keep to. */
export const baseline: Pack = {
  name: "baseline",
  policies: [
    apiSocket,
    apparmor,
    capabilities,
    cgroupParent,
    containerName,
    devices,
    engineSocket,
    homeSecrets,
    hostCgroup,
    hostIpc,
    hostNetwork,
    hostPath,
    hostPid,
    hostUserns,
    hostUts,
    imageTag,
    logRotation,
    memoryLimit,
    mountPropagation,
    plaintextSecret,
    portInterface,
    privileged,
    publishedPort,
    restartPolicy,
    seccomp,
    selinuxLabel,
  ],
};
