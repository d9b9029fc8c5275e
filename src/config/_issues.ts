import * as z from "zod";
import type { Issue } from "../model/issue.ts";
import { nearestWord } from "../model/nearest.ts";
import { formatPath } from "../model/path.ts";
import { looksSecret } from "../model/secrets.ts";
import type { CodePrefix, YamlText } from "./_read-yaml.ts";

type ZodIssue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What a schema found wrong with a document, in the operator's words, each with its line. */
export function schemaIssues(
  schema: z.ZodType,
  error: z.ZodError,
  { document, prefix }: { readonly document: YamlText; readonly prefix: CodePrefix },
): Issue[] {
  const translator = { schema, document, prefix };
  return error.issues.flatMap((issue) => translate(issue, issue.path, translator));
}

interface Translator {
  readonly schema: z.ZodType;
  readonly document: YamlText;
  readonly prefix: CodePrefix;
}

function translate(issue: ZodIssue, path: Path, translator: Translator): Issue[] {
  if (issue.code === "invalid_union") {
    const branch = likelyBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => translate(inner, [...path, ...inner.path], translator));
  }
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schemaAt(translator.schema, path));
    return issue.keys.map((key) => unknownKey([...path, key], known, translator));
  }
  if (issue.code === "invalid_type" && issue.expected === "never") {
    return [unsupported(path, "key", translator)];
  }
  if (issue.code === "invalid_key") {
    return [
      report(translator, path, "VALUE", `${name(path)} is no name to use here, needed ${issue.issues[0]?.message}`),
    ];
  }
  if (issue.code === "custom" && issue.params?.["sentence"] === true) {
    return [report(translator, path, "VALUE", issue.message)];
  }
  if (issue.code === "custom" && issue.params?.["unsupported"] === true) {
    return [unsupported(path, "value", translator)];
  }
  return [wrongValue(issue, path, translator)];
}

/** The union member that the value was meant for: the one whose kind of value it is. */
function likelyBranch(errors: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] | undefined {
  return errors.find((branch) => !branch.some(isOfAnotherKind));
}

function isOfAnotherKind(issue: ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === "invalid_type" || (issue.code === "invalid_union" && likelyBranch(issue.errors) === undefined);
}

function unknownKey(path: Path, known: readonly string[], translator: Translator): Issue {
  const nearest = nearestWord(String(path.at(-1)), known);
  const message = `${name(path)} is not a key of holdfast${nearest ? `; did you mean "${nearest}"?` : ""}`;
  return report(translator, path, "UNKNOWN_KEY", message, `known here: ${known.join(", ")}`);
}

function unsupported(path: Path, what: "key" | "value", translator: Translator): Issue {
  const subject = what === "key"
    ? `${name(path)} is a key`
    : `${name(path)} is ${show(path, valueAt(translator, path))}, a value`;
  const message = `${subject} of holdfast that this version does not support yet`;
  return report(translator, path, "UNSUPPORTED", message, "remove it, or use a version of holdfast that supports it");
}

function wrongValue(issue: ZodIssue, path: Path, translator: Translator): Issue {
  const value = valueAt(translator, path);
  const later = schemaAt(translator.schema, path)?.meta()?.["later"];
  if (Array.isArray(later) && later.includes(value)) return unsupported(path, "value", translator);
  const needed = issue.code === "invalid_type" ? expectedWord(issue) : issue.message;
  if (path.length === 0) return report(translator, path, "VALUE", `The file is ${show(path, value)}, needed ${needed}`);
  if (value === undefined) return report(translator, path, "MISSING", `${name(path)} is missing, needed ${needed}`);
  const nearest = issue.code === "invalid_value" && nearestWord(String(value), issue.values.map(String));
  const hint = nearest ? `did you mean "${nearest}"?` : undefined;
  return report(translator, path, "VALUE", `${name(path)} is ${show(path, value)}, needed ${needed}`, hint);
}

function report(translator: Translator, path: Path, code: string, message: string, hint?: string): Issue {
  return {
    code: `${translator.prefix}_${code}`,
    severity: "error",
    message,
    ...(hint === undefined ? {} : { hint }),
    position: translator.document.positionOf(formatPath(path)),
    path: formatPath(path),
  };
}

/** zod's own words for types, in ours; a message that a schema part gave itself is kept. */
function expectedWord(issue: Extract<ZodIssue, { code: "invalid_type" }>): string {
  const words: Record<string, string> = {
    array: "a list",
    record: "a mapping",
    object: "a mapping",
    string: "text",
    boolean: "true or false",
  };
  return issue.message.startsWith("Invalid input") ? words[issue.expected] ?? issue.expected : issue.message;
}

function show(path: Path, value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (path[0] === "environment" || looksSecret(String(path.at(-1)), String(value))) return "a value that is not shown";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function name(path: Path): string {
  return `"${formatPath(path)}"`;
}

function valueAt(translator: Translator, path: Path): unknown {
  let value: unknown = translator.document.value;
  for (const part of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** The part of a schema that judges the value at a path. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  const [part, ...rest] = path;
  const bare = alternatives(schema);
  if (part === undefined) return bare.find((member) => member instanceof z.ZodObject) ?? bare[0];
  for (const member of bare) {
    let next: unknown;
    if (member instanceof z.ZodObject) next = member.shape[String(part)];
    else if (member instanceof z.ZodArray && typeof part === "number") next = member.element;
    else if (member instanceof z.ZodRecord) next = member.valueType;
    if (next instanceof z.ZodType) return schemaAt(next, rest);
  }
  return undefined;
}

/** A schema without defaults, optionality and transforms; all members of a union. */
function alternatives(schema: unknown): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return alternatives(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return alternatives(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  return schema instanceof z.ZodType ? [schema] : [];
}

function knownKeys(schema: z.ZodType | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
