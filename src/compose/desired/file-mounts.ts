import type { Mount } from "../../model/container.ts";
import type { DesiredContext } from "../desired.ts";
import { type Fields, fieldsOf, flagOf, listOf, said, textOf } from "./fields.ts";
import { entry, isText } from "../tree/node.ts";
import { repositoryPath } from "../files/workspace.ts";

/** Compose's configs and secrets differ in where they lie and in nothing else. */
const kinds = {
  configs: { name: "config", folder: "/" },
  secrets: { name: "secret", folder: "/run/secrets/" },
} as const;

type Kind = keyof typeof kinds;

/** One use of a config or secret by a service. */
interface Use {
  readonly kind: Kind;
  /** Its key at the top of the files. */
  readonly source: string;
  readonly target: string;
  readonly uid: string | undefined;
  readonly gid: string | undefined;
  /** Octal digits. */
  readonly mode: string | undefined;
  /** In the model. */
  readonly path: string;
}

/**
 * Read-only binds for the configs and secrets of a service. One that is a file is bound where it lies; one that is text
 * in the files, or comes from a variable, becomes a file on tmpfs.
 */
export function fileMounts(key: string, context: DesiredContext): readonly Mount[] {
  const service = context.project.model.services[key]!;
  return (["configs", "secrets"] as const).flatMap((kind) =>
    listOf(service[kind]).map(fieldsOf).flatMap((mount, index) => {
      const use = useOf(kind, mount, `services.${key}.${kind}[${index}]`);
      const source = sourceOf(use, context);
      return source === undefined ? [] : [{ type: "bind", source, target: use.target, readOnly: true } satisfies Mount];
    })
  );
}

function useOf(kind: Kind, mount: Fields, path: string): Use {
  const source = textOf(mount["source"]) ?? "";
  const target = textOf(mount["target"]) ?? source;
  return said({
    kind,
    source,
    target: target.startsWith("/") ? target : `${kinds[kind].folder}${target}`,
    uid: textOf(mount["uid"]),
    gid: textOf(mount["gid"]),
    mode: textOf(mount["mode"]),
    path,
  });
}

/** @returns absolute path on the host; undefined when it cannot be had (the reason is an issue) */
function sourceOf(use: Use, context: DesiredContext): string | undefined {
  const { project, issues } = context;
  const { name } = kinds[use.kind];
  const definition = fieldsOf(project.model[use.kind]?.[use.source]);
  const refuse = (key: string, message: string, hint: string): undefined =>
    issues.error("SECRET_SOURCE", `${use.kind}.${use.source}.${key}`, { message, hint }) as undefined;
  if (flagOf(definition["external"])) {
    return refuse(
      "external",
      `The ${name} "${use.source}" is external, which only a swarm has`,
      `give it a \`file\`, or an \`environment\` that names a variable`,
    );
  }
  for (const key of ["driver", "template_driver"]) {
    if (definition[key] !== undefined) {
      return refuse(key, `The ${name} "${use.source}" has \`${key}\`, which only a swarm honours`, "take it away");
    }
  }
  const file = textOf(definition["file"]);
  if (file !== undefined) return ownsFile(use) ? copyOfFile(file, use, context) : file;
  const text = contentOf(use, context);
  if (text === undefined) {
    const variable = textOf(definition["environment"]) ?? "";
    return refuse(
      "environment",
      `The variable ${variable} that the ${name} "${use.source}" is made of is not set`,
      `set ${variable} in \`environment\` of holdfast.yaml`,
    );
  }
  return secretFile(new TextEncoder().encode(text), use, context);
}

/** Whether a use asks for an owner or permissions of its own. */
function ownsFile(use: Use): boolean {
  return use.uid !== undefined || use.gid !== undefined || use.mode !== undefined;
}

function contentOf(use: Use, { project }: DesiredContext): string | undefined {
  const definition = entry(entry(project.tree, use.kind), use.source);
  const content = entry(definition, "content");
  if (isText(content)) return content.value;
  const resolved = project.contents.get(`${use.kind}.${use.source}`);
  if (resolved !== undefined) return resolved;
  const variable = entry(definition, "environment");
  return isText(variable) ? project.environment.get(variable.value)?.value : variable ? undefined : "";
}

/** A file of the revision with another owner or other permissions is delivered as a copy. */
function copyOfFile(file: string, use: Use, context: DesiredContext): string {
  const path = repositoryPath(context.project, file);
  const bytes = path === undefined ? undefined : context.project.files.read(path);
  if (bytes) return secretFile(bytes, use, context) ?? file;
  context.issues.warning("SECRET_SOURCE", use.path, {
    message: `uid, gid and mode of ${use.path} have no effect: its file is not one of git`,
    hint: "set owner and mode of a key in `keys.files` of holdfast.yaml",
  });
  return file;
}

function secretFile(bytes: Uint8Array, use: Use, context: DesiredContext): string | undefined {
  const uid = idOf("uid", use, context);
  const gid = idOf("gid", use, context);
  if (uid === undefined || gid === undefined) return undefined;
  const mode = use.mode === undefined ? 0o444 : parseInt(use.mode, 8);
  const suffix = ownsFile(use) ? `.${uid}.${gid}.${mode.toString(8)}` : "";
  const path = `${kinds[use.kind].name}.${use.source}${suffix}`;
  context.secretFiles.set(path, { path, bytes, mode, uid, gid });
  return `${context.options.folders.secrets}/${path}`;
}

function idOf(key: "uid" | "gid", use: Use, context: DesiredContext): number | undefined {
  const text = use[key] ?? "0";
  if (/^\d+$/.test(text)) return Number(text);
  context.issues.error("COMPOSE_VALUE", `${use.path}.${key}`, {
    message: `${use.path}.${key} is ${context.issues.show(`${use.path}.${key}`, text)}, not a number`,
    hint: "write the number of the user or group",
  });
  return undefined;
}
