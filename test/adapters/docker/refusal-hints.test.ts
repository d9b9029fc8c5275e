import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalHint } from "../../../src/adapters/docker/refusal-hints.ts";

/** Words of Engines 20.10.24 and 28.5.2, between "runc create failed: " and their end. */
const words: readonly (readonly [string, RegExp])[] = [
  [
    'unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown',
    /command and entry/,
  ],
  [
    'unable to start container process: exec: "/bin/nosuch": stat /bin/nosuch: no such file or directory',
    /command and entrypoint/,
  ],
  ['unable to start container process: exec: "/etc": permission denied: unknown', /not executable/],
  [
    'error during container init: error mounting "/tmp/f" to rootfs at "/etc": mount /tmp/f:/etc (via /proc/self/fd/6), flags: 0x5000: not a directory: Are you trying to mount a directory onto a file (or vice-versa)?',
    /one side of the mount/,
  ],
  ['invalid mount config for type "bind": bind source path does not exist: /tmp/nope', /create the path/],
  [
    'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
    /device is not on this host/,
  ],
  ["error during container init: open /proc/sys/net/ipv4/nosuch: no such file or directory: unknown", /sysctl/],
  ["unable to find user nobody: no matching entries in passwd file", /user in git/],
  ["error setting rlimits for ready process: error setting rlimit type 7: operation not permitted", /ulimits/],
  ["Unknown runtime specified nosuch", /no such runtime/],
  ["unknown or invalid runtime name: nosuch", /no such runtime/],
  ["Cannot mkdir: /etc/passwd is not a directory", /working_dir/],
  ["failed to set up container networking: Address already in use", /fixed address/],
  ["Bind for 0.0.0.0:8095 failed: port is already allocated", /who holds the port/],
  [
    "Error starting userland proxy: listen tcp4 0.0.0.0:18444: bind: address already in use",
    /who holds the port/,
  ],
];
for (const [message, hint] of words) {
  test(`refusalHint() tells what to do about ${message.slice(0, 70)}`, () => assert.match(refusalHint(message)!, hint));
}

test('refusalHint() does not blame the command for any "no such file or directory"', () => {
  assert.equal(refusalHint("open /var/lib/docker/x: no such file or directory"), undefined);
});
