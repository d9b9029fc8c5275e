import { readFileSync, realpathSync } from "node:fs";
import { output } from "../command.ts";
import { layer, type LayerEntry } from "./image-archive.ts";

const SHARED_SCRIPT = new URL("./programs/lib.sh", import.meta.url);

/**
 * What all stand-ins stand on: the shell and tools of Debian's busybox-static, this machine's openssl with the libraries
 * it is linked to, and the functions of `programs/lib.sh`. About 10 MB.
 *
 * @throws Error when busybox or openssl is missing, with the package to install
 */
export async function baseLayer(): Promise<Buffer> {
  const openssl = await locate("openssl", "openssl");
  const busybox = await locate("busybox", "busybox-static");
  const libraries = [...await librariesOf(openssl), ...await librariesOf(busybox)];
  const applets = (await output(busybox, ["--list"])).toString().trim().split("\n");
  return await layer([
    { path: "/tmp/", folderMode: 0o1777 },
    { path: "/run/", folderMode: 0o755 },
    {
      path: "/etc/passwd",
      mode: 0o644,
      content: "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    },
    { path: "/etc/group", mode: 0o644, content: "root:x:0:\nnogroup:x:65534:\n" },
    { path: "/usr/lib/ssl/openssl.cnf", mode: 0o644, content: "" },
    { path: "/usr/bin/openssl", mode: 0o755, content: readFileSync(openssl) },
    { path: "/bin/busybox", mode: 0o755, content: readFileSync(busybox) },
    ...applets.filter((name) => name !== "busybox").map((name): LayerEntry => ({
      path: `/bin/${name}`,
      link: "busybox",
    })),
    ...[...new Set(libraries)].sort().map((path): LayerEntry => ({ path, mode: 0o755, content: readFileSync(path) })),
    { path: "/lib/stand-in.sh", mode: 0o644, content: readFileSync(SHARED_SCRIPT) },
  ]);
}

async function locate(program: string, debianPackage: string): Promise<string> {
  const found = await output("sh", ["-c", `command -v ${program}`]).catch((cause) => {
    throw new Error(`Cannot build the stand-in images: no "${program}" on this machine; install ${debianPackage}`, {
      cause,
    });
  });
  return realpathSync(found.toString().trim());
}

/** Absolute paths as the program asks for them, the loader among them; none of a static program. */
async function librariesOf(program: string): Promise<string[]> {
  const listing = await output("ldd", [program]).then(String, () => "");
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
}
