/**
 * What a Compose project may be at most. Far above what people write, and low enough that no file can keep the agent
 * busy or take its memory.
 */
export const limits = {
  /** Bytes of one Compose, env or label file: reading one takes some hundred times its size of memory. */
  fileBytes: 512 * 1024,
  /** Bytes of all of them together. */
  totalBytes: 1024 * 1024,
  /** Files that are read, with those of `extends` and `include`. */
  files: 500,
  /** Levels of YAML. */
  depth: 100,
  /** Levels of `${A:-${B:-…}}`. */
  templateDepth: 50,
  /** Characters of one value after interpolation. */
  textLength: 1024 * 1024,
  /** Services that `extends` each other in a row. */
  extendsDepth: 100,
  /** Characters of a service's name. */
  nameLength: 200,
  /** Containers, with all replicas. */
  containers: 10_000,
  /** Ports that services publish and expose. */
  servicePorts: 131_072,
} as const;

/** What one load may use up of everything that a few lines can multiply. */
export const budgets = {
  /** Values that aliases expand to. */
  aliasNodes: 100_000,
  /** Sets of files that are included; one that is included twice is loaded twice. */
  includes: 500,
  /** Published ports that ranges expand to. */
  ports: 65_536,
  /** Characters that variables put into values. */
  text: 8 * 1024 * 1024,
  /** Entries of mappings and lists that merging copies. */
  mergedEntries: 2_000_000,
  /** Values of merged files, with what services share counted in each; what is included counts again where it is. */
  values: 500_000,
  /** Characters of these values. */
  characters: 64 * 1024 * 1024,
  /** Lines of the env and label files of services: a file that many services name is read for each. */
  serviceFileLines: 250_000,
} as const;

export type BudgetKind = keyof typeof budgets;

export interface Budget {
  /** @returns false when nothing is left; the first time that happens is for the caller to report */
  take(kind: BudgetKind, amount: number): boolean;
  /** Whether more was asked for than there is: what comes now would be in vain. */
  isSpent(kind: BudgetKind): boolean;
}

/** A budget of which nothing is used up. */
export function createBudget(): Budget {
  const left: Record<BudgetKind, number> = { ...budgets };
  return {
    take: (kind, amount) => {
      left[kind] -= amount;
      return left[kind] >= 0;
    },
    isSpent: (kind) => left[kind] < 0,
  };
}
