import { suggest } from "../suggest.ts";
import type { YamlAlias, YamlNode } from "./yaml-node.ts";

/** With more anchors, none is suggested for a misspelled one: comparing takes time. */
const mostSuggested = 100;

/** What the aliases of a file mean. */
export class Anchors {
  /** Of all documents so far: go-yaml forgets none at `---`. */
  readonly #anchors = new Map<string, YamlNode>();
  readonly #targets = new Map<YamlAlias, YamlNode>();

  /** Takes a document in. An alias means the nearest anchor of that name before it. */
  bind(node: YamlNode): void {
    if (node.kind === "alias") {
      const target = this.#anchors.get(node.name);
      if (target) this.#targets.set(node, target);
      return;
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node.kind === "map") {
      for (const { key, value } of node.pairs) {
        this.bind(key);
        this.bind(value);
      }
    } else if (node.kind === "list") {
      for (const item of node.items) this.bind(item);
    }
  }

  /** @returns what an alias means, any other node itself, or undefined for an alias without an anchor */
  resolve(node: YamlNode): Exclude<YamlNode, YamlAlias> | undefined {
    const target = node.kind === "alias" ? this.#targets.get(node) : node;
    return target?.kind === "alias" ? undefined : target;
  }

  /** The anchor that a name without one is most likely a misspelling of. */
  nearest(name: string): string | undefined {
    return this.#anchors.size <= mostSuggested ? suggest(name, [...this.#anchors.keys()]) : undefined;
  }
}
