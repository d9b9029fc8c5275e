import { dirname } from "node:path";

/** The names of the units that `install` writes. */
export const serviceName = "holdfast.service";
export const keysName = "holdfast-keys.service";

/** What the units are written for. All paths are absolute. */
export interface UnitOptions {
  readonly binary: string;
  /** agent.yaml */
  readonly config: string;
  readonly state: string;
  readonly runtime: string;
  /** Folders beside the state folder that the agent writes. */
  readonly checkouts: readonly string[];
  /** Of the systemd that runs here; what it does not know yet is left out. */
  readonly systemdVersion: number;
}

/** The service. */
export function serviceUnit(options: UnitOptions): string {
  const { binary, config } = options;
  return unitText({
    Unit: [
      "Description=holdfast: keeps this host equal to its deployment repositories",
      `After=docker.service network-online.target ${keysName}`,
      "Wants=network-online.target",
      mounts(options),
      "# It is tried again for ever: what hinders it (a git server, a disk) may take its time.",
      "StartLimitIntervalSec=0",
    ],
    Service: [
      "Type=notify",
      "# The agent speaks through systemd-notify, a process of its own.",
      "NotifyAccess=all",
      `ExecStart=${word(binary)} run --config ${word(config)}`,
      "Restart=on-failure",
      ...restartPauses(options),
      "# What only a person can mend: the command line (64), the configuration (78), a credential that is not there (243).",
      "RestartPreventExitStatus=64 78 243",
      "# Fed by the progress of the agent's loops. SIGKILL leaves no dump of a memory that holds keys.",
      "WatchdogSec=2min",
      "WatchdogSignal=SIGKILL",
      "LimitCORE=0",
      "# On SIGTERM the Engine call under way is finished: a stop may take its container's grace period.",
      "KillMode=mixed",
      "TimeoutStopSec=3min",
      ...folders(options),
      ...hardening(options),
    ],
    Install: ["WantedBy=multi-user.target"],
  });
}

/** Places keys and secrets after a boot, before the Engine starts the containers that bind them. */
export function keysUnit(options: UnitOptions): string {
  const { binary, config } = options;
  return unitText({
    Unit: [
      "Description=holdfast: keys and secrets of the applied revisions, before Docker starts their containers",
      `Before=docker.service docker.socket ${serviceName}`,
      mounts(options),
    ],
    Service: [
      "Type=oneshot",
      "RemainAfterExit=yes",
      `ExecStart=${word(binary)} place-keys --config ${word(config)}`,
      "LimitCORE=0",
      "TimeoutStartSec=2min",
      ...folders(options),
      ...hardening(options),
      "PrivateNetwork=yes",
    ],
    Install: ["WantedBy=multi-user.target"],
  });
}

/**
 * What the agent does without. It writes nothing but its folders; it takes over the owner and mode of keys (CHOWN,
 * FOWNER) and reads what belongs to others, such as a token or an adopted clone (DAC_OVERRIDE). Node compiles code while
 * it runs, hence no MemoryDenyWriteExecute. Nothing here hides a folder or mounts another one in its place: the Engine
 * resolves the sources of binds in the host's own mounts, and a repository, checkout or token may lie anywhere.
 */
function hardening({ runtime }: UnitOptions): string[] {
  return [
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER",
    "ProtectSystem=strict",
    // A /dev of the agent's own would hide what is mounted below it.
    below("/dev", runtime) ? "DevicePolicy=closed" : "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
  ];
}

/** Growing pauses between restarts where systemd has them (254). */
function restartPauses({ systemdVersion }: UnitOptions): string[] {
  return systemdVersion < 254 ? ["RestartSec=10s"] : ["RestartSec=2s", "RestartSteps=8", "RestartMaxDelaySec=5min"];
}

/** The state and runtime folders, as systemd makes them where they are below its own. */
function folders({ state, runtime, checkouts }: UnitOptions): string[] {
  const stateName = below("/var/lib", state);
  const runtimeName = below("/run", runtime);
  const others = [...stateName ? [] : [state], ...runtimeName ? [] : [runtime], ...checkouts];
  return [
    ...stateName ? [`StateDirectory=${word(stateName)}`, "StateDirectoryMode=0700"] : [],
    ...runtimeName
      ? [
        `RuntimeDirectory=${word(runtimeName)}`,
        "RuntimeDirectoryMode=0700",
        "# Containers bind the keys in it: they stay while the agent is stopped or replaced.",
        "RuntimeDirectoryPreserve=yes",
      ]
      : [],
    ...others.length > 0
      ? [
        "# With a folder that is gone the service starts all the same: it says what is missing.",
        `ReadWritePaths=${others.map((path) => word(`-${path}`)).join(" ")}`,
      ]
      : [],
  ];
}

function mounts({ state, runtime, checkouts, config }: UnitOptions): string {
  return `RequiresMountsFor=${[dirname(config), state, runtime, ...checkouts].map(word).join(" ")}`;
}

function below(parent: string, path: string): string | undefined {
  return path.startsWith(`${parent}/`) ? path.slice(parent.length + 1) : undefined;
}

/** One word of a unit file: `%` begins a specifier there, and spaces end a word. */
function word(text: string): string {
  const escaped = text.replaceAll("%", "%%");
  return /^[\w@%+,./:=-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, "\\$&")}"`;
}

function unitText(sections: Readonly<Record<string, readonly string[]>>): string {
  const texts = Object.entries(sections).map(([name, lines]) => `[${name}]\n${lines.join("\n")}\n`);
  return `# Written by "holdfast install". Changes of your own belong into drop-ins: systemctl edit holdfast\n${
    texts.join("\n")
  }`;
}
