import type { CST } from "yaml";

/** The first bracket or quote that its file does not close where the library looks for it. */
export interface UnclosedToken {
  readonly kind: "flow" | "quote";
  /** Of the bracket or quote. */
  readonly offset: number;
}

export function unclosedToken(tokens: readonly CST.Token[]): UnclosedToken | undefined {
  const open: CST.Token[] = [...tokens].reverse();
  for (let token = open.pop(); token; token = open.pop()) {
    if (token.type === "document") {
      if (token.value) open.push(token.value);
      continue;
    }
    if (token.type === "double-quoted-scalar" || token.type === "single-quoted-scalar") {
      if (isClosed(token.source)) continue;
      return { kind: "quote", offset: token.offset };
    }
    if (token.type === "flow-collection" && !closes(token)) return { kind: "flow", offset: token.offset };
    if (!("items" in token)) continue;
    for (const item of [...token.items].reverse()) {
      if (item.value) open.push(item.value);
      if (item.key) open.push(item.key);
    }
  }
  return undefined;
}

function isClosed(source: string): boolean {
  const mark = source[0];
  if (source.length < 2 || !source.endsWith(mark!)) return false;
  if (mark === "'") return (/'+$/.exec(source.slice(1))![0].length) % 2 === 1;
  return (/\\*$/.exec(source.slice(0, -1))![0].length) % 2 === 0;
}

function closes(token: CST.FlowCollection): boolean {
  return token.end.some(({ source }) => source === "]" || source === "}");
}
