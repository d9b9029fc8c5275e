import type { DesiredContext } from "../desired.ts";
import { didYouMean } from "../suggest.ts";
import { refuseValue } from "../runnable/refuse-value.ts";
import { textsOf } from "./fields.ts";
import { decodeText } from "../tree/source.ts";
import { parseGoBool } from "../types/truth.ts";
import { absolutePath, repositoryPath } from "../files/workspace.ts";

const optionNames = ["apparmor", "label", "no-new-privileges", "seccomp", "systempaths", "writable-cgroups"];

/** The security options of a service; a seccomp profile of the repository is taken in as text, as Compose does. */
export function securityOptions(key: string, context: DesiredContext): readonly string[] {
  return textsOf(context.project.model.services[key]!["security_opt"]).map((option, index) =>
    securityOption(option, { path: `services.${key}.security_opt[${index}]`, context })
  );
}

function securityOption(option: string, at: { readonly path: string; readonly context: DesiredContext }): string {
  const { path, context } = at;
  const separator = option.includes("=") ? "=" : ":";
  const [name, ...rest] = option.split(separator);
  const value = rest.join(separator);
  if (name === "systempaths" && option !== "systempaths=unconfined") {
    refuseValue(context, {
      path,
      found: option,
      problem: "which no Engine knows",
      hint: "write systempaths=unconfined",
    });
    return option;
  }
  const isFlag = option === "no-new-privileges" || option === "writable-cgroups";
  if (!optionNames.includes(name!)) {
    const problem = "no security option";
    const meant = context.project.secretPaths.has(path) ? undefined : didYouMean(name!, optionNames);
    const hint = meant ?? "write seccomp=…, apparmor=…, label=… or no-new-privileges";
    refuseValue(context, { path, found: option, problem, hint });
    return option;
  }
  if (rest.length === 0 && !isFlag) {
    context.issues.error("COMPOSE_VALUE", path, {
      message: `${path} is no security option: it has no value`,
      hint: "write NAME=VALUE",
    });
    return option;
  }
  if (name === "no-new-privileges" && rest.length > 0 && parseGoBool(value) === undefined) {
    refuseValue(context, {
      path,
      found: option,
      problem: "neither true nor false",
      hint: "write no-new-privileges:true",
    });
  }
  if (name !== "seccomp" || value === "unconfined" || value === "builtin") return option;
  const profile = readProfile(value, context);
  if (profile !== undefined) return `seccomp=${profile}`;
  context.issues.error("COMPOSE_FILE_MISSING", path, {
    message: `The seccomp profile ${context.issues.show(path, value)} is not in the revision, or is no JSON`,
    hint: "commit the profile; its path starts from the project directory",
  });
  return option;
}

/** @returns compact JSON; undefined when there is none */
function readProfile(path: string, { project }: DesiredContext): string | undefined {
  const inRepository = repositoryPath(project, absolutePath(project.directory, path));
  const bytes = inRepository === undefined ? undefined : project.files.read(inRepository);
  const text = bytes && decodeText(bytes);
  try {
    return text === undefined ? undefined : JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
