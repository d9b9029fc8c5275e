import { holdsUnopenedKey } from "../../model/secrets.ts";
import type { Collector } from "../tree/collector.ts";
import { parseFloatText, parseIntText } from "../types/numbers.ts";
import { parseBoolText } from "../types/truth.ts";
import type { Budget } from "../limits.ts";
import { brokenFrom, mapEntries, mapItems, type Node, quote, type ScalarNode, show } from "../tree/node.ts";
import { joinIndex, joinPath } from "../tree/model-path.ts";
import { anyItem, compilePatterns, descend, type Pattern } from "../tree/patterns.ts";
import { type Lookup, substitute, type Substituted } from "./template.ts";
import { variableUse } from "./variable-use.ts";

/** What a text becomes at some places of the model, since YAML cannot know the type behind `${…}`. */
export type Cast = "int" | "float" | "float32" | "bool";

/** The places whose text is read as a number or a boolean, as Compose has them. */
export const casts: Readonly<Record<string, Cast>> = {
  "services.*.cpu_count": "int",
  "services.*.cpu_percent": "float",
  "services.*.cpu_period": "int",
  "services.*.cpu_quota": "int",
  "services.*.cpu_rt_period": "int",
  "services.*.cpu_rt_runtime": "int",
  "services.*.cpus": "float32",
  "services.*.cpu_shares": "int",
  "services.*.init": "bool",
  "services.*.deploy.replicas": "int",
  "services.*.deploy.update_config.parallelism": "int",
  "services.*.deploy.update_config.max_failure_ratio": "float",
  "services.*.deploy.rollback_config.parallelism": "int",
  "services.*.deploy.rollback_config.max_failure_ratio": "float",
  "services.*.deploy.restart_policy.max_attempts": "int",
  "services.*.deploy.placement.max_replicas_per_node": "int",
  "services.*.healthcheck.retries": "int",
  "services.*.healthcheck.disable": "bool",
  "services.*.oom_kill_disable": "bool",
  "services.*.oom_score_adj": "int",
  "services.*.pids_limit": "int",
  "services.*.ports.[].target": "int",
  "services.*.privileged": "bool",
  "services.*.read_only": "bool",
  "services.*.scale": "int",
  "services.*.stdin_open": "bool",
  "services.*.tty": "bool",
  "services.*.ulimits.*": "int",
  "services.*.ulimits.*.hard": "int",
  "services.*.ulimits.*.soft": "int",
  "services.*.volumes.[].read_only": "bool",
  "services.*.volumes.[].volume.nocopy": "bool",
  "networks.*.external": "bool",
  "networks.*.internal": "bool",
  "networks.*.attachable": "bool",
  "networks.*.enable_ipv4": "bool",
  "networks.*.enable_ipv6": "bool",
  "volumes.*.external": "bool",
  "secrets.*.external": "bool",
  "configs.*.external": "bool",
};

const castPatterns = compilePatterns(casts);

export interface InterpolateOptions {
  readonly lookup: Lookup;
  readonly collector: Collector;
  readonly budget: Budget;
}

/** Replaces the variables in every value of a file; keys stay as they are. */
export function interpolate(root: Node, options: InterpolateOptions): Node {
  return walk(root, { path: "", cast: castPatterns }, options);
}

interface Step {
  readonly path: string;
  readonly cast: Pattern<Cast> | undefined;
}

function walk(node: Node, step: Step, options: InterpolateOptions): Node {
  switch (node.kind) {
    case "map":
      return mapEntries(
        node,
        (value, key) => walk(value, { path: joinPath(step.path, key), cast: descend(step.cast, key) }, options),
      );
    case "list":
      return mapItems(
        node,
        // `*` stands for keys: the items of a list in the place of a mapping are not cast
        (item, index) =>
          walk(item, { path: joinIndex(step.path, index), cast: step.cast?.children.get(anyItem) }, options),
      );
    case "scalar":
      return node.type === "string" ? interpolateText(node, step, options) : node;
    case "broken":
      return node;
  }
}

function interpolateText(node: ScalarNode, step: Step, options: InterpolateOptions): Node {
  const { collector } = options;
  const { path } = step;
  const substituted = substitute(String(node.value), options.lookup);
  const fits = substituted.kind !== "text" || substituted.used.length === 0 ||
    options.budget.take("text", substituted.text.length);
  const result: Substituted = fits ? substituted : { kind: "limit" };
  switch (result.kind) {
    case "invalid":
      collector.error("INTERPOLATION_SYNTAX", `Cannot read ${quote(result.part)} in ${path}`, {
        place: node.place,
        path,
        hint: /^\$\{[^{}]+$/.test(result.part)
          ? "close it with }, or write $$ for a $ that is meant as such"
          : "write ${NAME} or ${NAME:-default}, and $$ for a $ that is meant as such",
      });
      return brokenFrom(node);
    case "required":
      // a variable that a file with a line that cannot be read may set
      if (collector.hasErrorOf(["ENV_FILE_SYNTAX"])) return brokenFrom(node);
      collector.error(
        "INTERPOLATION_REQUIRED",
        `The variable ${result.variable} is missing${result.reason === "" ? "" : `: ${result.reason}`}`,
        { place: node.place, path, hint: `set ${result.variable} in \`environment\` of holdfast.yaml or in .env` },
      );
      return brokenFrom(node);
    case "limit":
      collector.error("YAML_LIMIT", `The variables in ${path} nest too deeply or make too long a text`, {
        place: node.place,
        path,
        hint: "write it with fewer nested defaults",
      });
      return brokenFrom(node);
    case "text": {
      for (const name of result.unset) {
        collector.warning("INTERPOLATION_UNSET", `The variable ${name} is not set: an empty text is taken`, {
          place: node.place,
          path,
          hint: `set ${name} in \`environment\` or .env, or write \${${name}:-} if it may be empty`,
          unset: name,
        });
      }
      const text: ScalarNode = result.text === node.value && !result.secret && result.used.length === 0 ? node : {
        ...node,
        value: result.text,
        ...(result.secret && { secret: true }),
        ...(result.used.length > 0 && { variables: result.used.map((name) => variableUse(name, options.lookup)) }),
      };
      return step.cast?.rule ? cast(text, step.cast.rule, { path, collector }) : text;
    }
  }
}

/** Reads a text as what its key takes. */
function cast(node: ScalarNode, rule: Cast, at: { readonly path: string; readonly collector: Collector }): Node {
  const text = String(node.value);
  if (holdsUnopenedKey(text)) return brokenFrom(node); // what it will be is not known yet
  if (rule === "bool") {
    const value = parseBoolText(text);
    if (value !== undefined) {
      if (!/^(true|false)$/i.test(text)) {
        at.collector.warning("COMPOSE_DEPRECATED", `${node.secret ? "The value" : quote(text)} is taken for ${value}`, {
          place: node.place,
          path: at.path,
          hint: `write ${value}`,
        });
      }
      return { ...node, type: "bool", value };
    }
  } else if (rule === "int") {
    const value = parseIntText(text);
    if (value !== undefined) return { ...node, type: "int", value };
  } else {
    const value = parseFloatText(text);
    if (value !== undefined) return { ...node, type: "float", value: rule === "float32" ? Math.fround(value) : value };
  }
  const wanted = rule === "bool" ? "true or false" : rule === "int" ? "a whole number" : "a number";
  at.collector.error("INTERPOLATION_TYPE", `${at.path} is ${show(node)}, not ${wanted}`, {
    place: node.place,
    path: at.path,
    hint: `give it ${wanted}${wanted === "a number" ? " such as 0.5" : ""}`,
  });
  return brokenFrom(node);
}
