/**
 * What a Compose project may be at most. Far above what people write, and low enough that no file can keep the agent
 * busy or take its memory.
 */
export const limits = {
  /** Bytes of one Compose, env or label file: reading one takes some hundred times its size of memory. */
  fileBytes: 512 * 1024,
  /** Bytes of all of them together. */
  totalBytes: 1024 * 1024,
  /** Compose files that are read, with those of `extends` and `include`. */
  files: 500,
  /** Levels of YAML. */
  depth: 100,
  /** Values that aliases may expand to in one document. */
  aliasNodes: 100_000,
  /** Levels of `${A:-${B:-…}}`. */
  templateDepth: 50,
  /** Characters of one value after interpolation. */
  textLength: 1024 * 1024,
  /** Services that `extends` each other in a row. */
  extendsDepth: 100,
  /** Ports of one range. */
  portRange: 65_536,
} as const;
