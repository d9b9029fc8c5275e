import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { removable } from "../../support/removable.ts";
import { tempFolder } from "../../support/temp.ts";

/** systemd's end of NOTIFY_SOCKET. Perl, because Node has no Unix datagram socket. */
const program = `
use IO::Socket::UNIX; use Socket; $| = 1;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
print "ready\\n";
while (defined $socket->recv(my $message, 65536)) { $message =~ s/\\n/ /g; print "$message\\n" }
`;

/** A socket that takes notifications, and what was sent to it, the lines of a message in one. */
export async function notifyReceiver() {
  const folder = tempFolder("notify");
  const socket = join(folder.path, "notify.sock");
  const child = spawn("perl", ["-e", program, socket], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => text += chunk);
  await once(child.stdout, "data");
  const end = () => void child.kill("SIGKILL");
  const messages = (): string[] => text.split("\n").slice(1, -1).filter((line) => line !== "BARRIER=1");
  return removable({ socket, messages }, async () => {
    end();
    await folder.dispose();
  }, end);
}
