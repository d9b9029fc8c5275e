import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { after, test } from "node:test";
import { gitSource } from "../../../src/adapters/git/git-source.ts";
import type { Source } from "../../../src/ports/source.ts";
import { tempFolder } from "../../support/temp.ts";
import { calm, failure } from "./fixture.ts";

const temp = tempFolder("endless");
after(() => temp.dispose());
const oid = "a".repeat(40);
const line = (text: string): string => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;
const head = (type: string) => `HTTP/1.1 200 OK\r\ncontent-type: application/x-git-upload-pack-${type}\r\n\r\n`;
const v2 = `${line("version 2\n")}${line("ls-refs\n")}${line("fetch=shallow\n")}0000`;

/** What a server says to one request, and then, again and again, until nobody listens. */
interface Endless {
  readonly name: string;
  /** The first request that is answered so; those before it are answered rightly. */
  readonly at: "info/refs" | "fetch";
  readonly first: string;
  readonly again?: string;
  readonly says: RegExp;
}

const answers: readonly Endless[] = [
  {
    name: "101 to the ref listing",
    at: "info/refs",
    first: "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
    says: /answers 101|closed before an answer/,
  },
  {
    name: "100 without end",
    at: "info/refs",
    first: "",
    again: "HTTP/1.1 100 Continue\r\n\r\n",
    says: /100 without end/,
  },
  {
    name: "103 without end",
    at: "info/refs",
    first: "",
    again: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
    says: /103 without end/,
  },
  {
    name: "capabilities without end",
    at: "info/refs",
    first: head("advertisement") + line("version 2\n"),
    again: line("capability=of-little-use\n"),
    says: /capabilities without end/,
  },
  {
    name: "other capabilities without end",
    at: "info/refs",
    first: `${head("advertisement")}${line(`${oid} HEAD\0${"multi_ack side-band-64k ".repeat(20)}\n`)}`,
    again: line(`${oid} refs/heads/main\0a=${"x".repeat(5000)}\n`),
    says: /capabilities without end/,
  },
  {
    name: "progress without end",
    at: "fetch",
    first: head("result") + line("packfile\n"),
    again: line(`\x02${"Counting objects: 1%".repeat(50)}\r`),
    says: /progress without end/,
  },
  {
    name: "empty pieces of a pack without end",
    at: "fetch",
    first: head("result") + line("packfile\n"),
    again: line("\x01"),
    says: /too many packets/,
  },
  {
    name: "flushes without end",
    at: "fetch",
    first: `${head("result")}${line("packfile\n")}`,
    again: "0000",
    says: /too many/,
  },
  {
    name: "cut points without end",
    at: "fetch",
    first: head("result") + line("shallow-info\n"),
    again: line(`shallow ${oid}\n`),
    says: /more than 1000 lines where the history is cut/,
  },
];

for (const answer of answers) {
  test(`a server that answers ${answer.name} is refused at once`, async () => {
    await using server = await endlessServer(answer);
    const { code, message } = await failure(askFor(server.source));
    assert.ok(code === "SOURCE_PROTOCOL" || code === "SOURCE_UNREACHABLE", code);
    assert.match(message, answer.says);
  });
}

async function askFor(source: Source): Promise<void> {
  await source.resolve(calm);
  await source.fetch({ commit: oid, ref: "refs/heads/main" }, calm);
}

async function endlessServer(answer: Endless): Promise<AsyncDisposable & { readonly source: Source }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setMaxListeners(0).on("error", () => {}));
    socket.on("data", (data) => {
      const asked = data.toString("latin1");
      const at = asked.includes("/info/refs") ? "info/refs" : asked.includes("command=ls-refs") ? "ls-refs" : "fetch";
      if (at === answer.at) return void pour(socket, answer);
      const body = at === "info/refs" ? v2 : `${line(`${oid} refs/heads/main\n`)}0000`;
      const type = at === "info/refs" ? "advertisement" : "result";
      socket.write(head(type).replace("\r\n\r\n", `\r\ncontent-length: ${body.length}\r\n\r\n`) + body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.git`;
  const storeFolder = join(temp.path, answer.name.replaceAll(" ", "-"));
  return {
    source: gitSource({ repository, ref: "main", storeFolder }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function pour(socket: Socket, { first, again }: Endless): Promise<void> {
  socket.write(first);
  if (again === undefined) return;
  const piece = again.repeat(Math.ceil(65_536 / again.length));
  while (!socket.destroyed) {
    if (!socket.write(piece)) await new Promise((resolve) => socket.once("drain", resolve).once("close", resolve));
  }
}
