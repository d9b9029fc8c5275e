import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Configuration {
  readonly tasks: Readonly<Record<string, string>>;
}

const pinned = new URL(`../../node_modules/@deno/linux-${process.arch}-glibc/deno`, import.meta.url);

/** The Deno of package.json. */
export const denoProgram = fileURLToPath(pinned);

/** What Deno keeps between runs stays in the project. */
export const denoCache = fileURLToPath(new URL("../../node_modules/.cache/deno", import.meta.url));

const file = new URL("../../deno.json", import.meta.url);

/** A task of deno.json that is one call of Deno. */
export interface DenoTask {
  /** Such as `run`. */
  readonly command: string;
  /** From `--` to the first word without: permissions and switches, values with `=`. */
  readonly flags: readonly string[];
  /** Those that give a permission. */
  readonly permissions: readonly string[];
  /** What follows: the program, or the folders of tests. */
  readonly operands: readonly string[];
}

/** @throws Error when deno.json has no such task, or one that is not one call of Deno */
export function denoTask(name: string): DenoTask {
  const { tasks } = JSON.parse(readFileSync(file, "utf8")) as Configuration;
  const [deno, command, ...words] = tasks[name]?.split(" ") ?? [];
  if (deno !== "deno" || command === undefined) throw new Error(`Task "${name}" of deno.json is not one call of Deno`);
  const first = words.findIndex((word) => !word.startsWith("--"));
  const [flags, operands] = [words.slice(0, first), words.slice(first)];
  return { command, flags, permissions: flags.filter((flag) => flag.startsWith("--allow-")), operands };
}

/** The task's flags with one permission less, for each; a list of values is taken value by value. */
export function withoutEach(
  task: DenoTask,
): readonly { readonly without: string; readonly flags: readonly string[] }[] {
  return task.permissions.flatMap((permission) => {
    const [name, list] = permission.split("=");
    const values = list?.split(",") ?? [];
    const replace = (by: readonly string[]) => task.flags.flatMap((flag) => flag === permission ? by : [flag]);
    if (values.length < 2) return [{ without: permission, flags: replace([]) }];
    return values.map((value) => ({
      without: `${name}=${value}`,
      flags: replace([`${name}=${values.filter((other) => other !== value).join(",")}`]),
    }));
  });
}
