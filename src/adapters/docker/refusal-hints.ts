/** A port that somebody has, in the words of the Engine, and of the kernel where a program of the host has it. */
export const portTaken = /port is already allocated|(?:bind|listen|host port)\b.*address already in use/i;

/**
 * What to do about a refusal, by the Engine's own words (20.10 to 28). "No such file or directory" alone says nothing: it
 * stands in errors of mounts, devices and kernel settings too, so each is known by the words around it, and the first
 * match counts.
 */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    portTaken,
    "find who holds the port: docker ps, ss -ltnp; stop it or publish another port in git",
  ],
  [
    /address already in use/i, // of a network: nothing was bound
    "another container of the network has that fixed address: docker network inspect; give git another, or a dynamic range beside it (ip_range)",
  ],
  [/bind source path does not exist/i, "create the path on the host, or correct the volume in git"],
  [
    /mount a directory onto a file|error mounting .*not a directory/i,
    "one side of the mount is a folder, the other a file: look at the path on the host (Docker makes a folder of a missing one) and in the image",
  ],
  [/error mounting .*read-only file system/i, "the mount point is missing in a read-only image: make it there"],
  [/error mounting|failed to mount|error while mounting/i, "check the mount in git against the host and the image"],
  [
    /gathering device information|not a device node/i,
    "the device is not on this host: correct devices in git, or attach it",
  ],
  [/\/proc\/sys\/|sysctl/i, "this kernel does not have, or the container may not set, that sysctl: correct it in git"],
  [/rlimit/i, "the Engine may not raise that limit: lower ulimits in git"],
  [/unable to find (?:user|group)/i, "the image does not know that user: correct user in git, by number if need be"],
  [
    /runtime (?:specified|name)|unknown or invalid runtime/i,
    "the Engine has no such runtime: correct it in git, or add it to daemon.json",
  ],
  [
    /chdir to cwd|cannot mkdir.*not a directory|mkdir .*: not a directory/i,
    "check working_dir in git against the image and its mounts",
  ],
  [
    /exec: .*(?:executable file not found|no such file or directory)|executable file not found/i,
    "check command and entrypoint in git against the image",
  ],
  [
    /exec: .*permission denied/i,
    "the command is not executable in the image, or is a folder: check command, entrypoint and user in git",
  ],
  [/exec format error/i, "the program is for another architecture, or a script without #! in its first line"],
  [/container name .* is already in use/i, "rename or remove the container that has the name: docker ps -a"],
  [/no space left on device/i, "free disk space below Docker's data root: docker system df"],
  [/active endpoints/i, "remove or disconnect the containers that still use the network"],
  [
    /Pool overlaps|could not find an available.*address pool/i,
    "give the network a subnet of its own in git, or remove unused networks",
  ],
  [/Range of CPUs/i, "the host has fewer processors: lower cpus in git"],
  [/unknown capability/i, "correct the capability in git"],
  [/OCI runtime|runc/i, "the container's runtime refused it: see its words above, and journalctl -u docker"],
];

/** @returns undefined where the words are not known */
export function refusalHint(message: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(message))?.[1];
}
