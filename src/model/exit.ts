import type { ContainerState } from "./observed.ts";

/** What an exit code says where the program did not choose it, and what to do about it. */
interface Meaning {
  readonly says: string;
  readonly hint?: string;
}

const meanings: Readonly<Record<number, Meaning>> = {
  125: { says: "the Engine could not start it", hint: "see the Engine's log: journalctl -u docker" },
  126: {
    says: "its command was found and cannot be executed",
    hint: "check in the image that the command is a program for this machine, executable, and allowed to its user",
  },
  127: {
    says: "its command, or one that its script calls, was not found",
    hint: "check command and entrypoint in git against the image",
  },
  128: { says: "the Engine could not start it" },
  129: { says: "ended by SIGHUP" },
  130: { says: "ended by SIGINT: something asked it to stop" },
  131: { says: "ended by SIGQUIT" },
  132: { says: "SIGILL: its program needs a processor that this one is not" },
  134: { says: "SIGABRT: its program gave up" },
  135: { says: "SIGBUS: its program crashed, often for want of shared memory", hint: 'raise "shm_size" in git' },
  136: { says: "SIGFPE: its program crashed" },
  137: {
    says:
      "killed by SIGKILL and not for memory of its own: by a person, after its grace period, or by a host short of memory",
    hint: "ask who killed it (docker events), and whether the host ran out of memory (dmesg)",
  },
  139: { says: "SIGSEGV: its program crashed" },
  141: { says: "SIGPIPE: who read its output went away" },
  143: { says: "ended by SIGTERM: something asked it to stop" },
  159: { says: "SIGSYS: a system call that seccomp forbids" },
};

const outOfMemory: Meaning = {
  says: "out of memory: the kernel killed it at its memory limit",
  hint: 'raise the memory limit in git ("mem_limit", "deploy.resources.limits.memory"), or make it need less',
};

/** `exited with 137 (out of memory: …)`, with the Engine's own words where it has any; the caller masks them. */
export function describeExit(state: ContainerState): string {
  const { says } = meaningOf(state) ?? {};
  const error = state.error ? `: ${state.error.replace(/\s+/g, " ").trim()}` : "";
  return `exited with ${state.exitCode}${says ? ` (${says})` : ""}${error}`;
}

/** What to do about an exit; undefined where only the program's own log can tell. */
export function exitHint(state: ContainerState): string | undefined {
  return meaningOf(state)?.hint;
}

function meaningOf({ exitCode, oomKilled }: ContainerState): Meaning | undefined {
  return oomKilled ? outOfMemory : meanings[exitCode];
}

/** What programs and kernel write when a program cannot be run: it stands in the log, not in the Engine's answer. */
const logHints: readonly (readonly [RegExp, string])[] = [
  [/exec format error/i, "the program is for another architecture, or a script without #! in its first line"],
  [
    /^exec \S+: no such file or directory/i,
    "the file is there, its interpreter is not: look at the first line of the script (#!, Windows line ends) or at the C library that the program needs",
  ],
];

/** A hint from the last words of a container. */
export function logHint(lines: readonly string[]): string | undefined {
  return logHints.find(([pattern]) => lines.some((line) => pattern.test(line)))?.[1];
}
