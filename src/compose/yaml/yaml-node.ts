import type { ScalarStyle } from "./token.ts";

interface Common {
  /** Where its content begins. */
  readonly offset: number;
  readonly anchor?: string;
  /** In full, as `tag:yaml.org,2002:str`; `!` and `!name` as written. */
  readonly tag?: string;
}

/** A YAML document as it is written: scalars are text, aliases and merge keys are not followed. */
export type YamlNode = YamlScalar | YamlList | YamlMap | YamlAlias;

export interface YamlScalar extends Common {
  readonly kind: "scalar";
  readonly style: ScalarStyle;
  readonly text: string;
}

export interface YamlList extends Common {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Common {
  readonly kind: "map";
  readonly pairs: readonly { readonly key: YamlNode; readonly value: YamlNode }[];
}

export interface YamlAlias extends Common {
  readonly kind: "alias";
  readonly name: string;
}
