import type { DesiredState } from "../model/desired.ts";
import { formatPath } from "../model/path.ts";
import { looksSecret } from "../model/secrets.ts";

/** Shorter words are in every sentence, and no secret. */
const leastLength = 4;

/**
 * Takes secrets out of messages: every value of the canonical project that comes from a key or whose name looks secret.
 * Only what is quoted is a value; to hide a word of the sentence itself would tell that it is a secret.
 * `check` runs where there is no digest key, so nothing stands for them but the word.
 */
export function redactor(desired: DesiredState): (message: string) => string {
  const words = [...new Set(secretsOf(desired))]
    // An access key that is called like a service is no secret, and messages name services.
    .filter((word) => word.length >= leastLength && !Object.hasOwn(desired.model.services, word))
    .sort((a, b) => b.length - a.length);
  const hide = (quoted: string) => words.reduce((text, word) => text.replaceAll(word, "‹hidden›"), quoted);
  return (message) => message.replace(/"[^"]*"/g, hide);
}

function* secretsOf({ model, secretPaths }: DesiredState): Generator<string> {
  for (const { path, text } of textsOf(model, [])) {
    if (secretPaths.has(formatPath(path))) {
      yield text;
      yield* text.split(/[^A-Za-z0-9._-]+/); // a message may tell a part, such as the host of a URL
    } else if (looksSecret(String(path.at(-1)), text) && !text.startsWith("/")) {
      yield text;
    }
  }
}

function* textsOf(
  value: unknown,
  path: readonly PropertyKey[],
): Generator<{ readonly path: readonly PropertyKey[]; readonly text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* textsOf(item, [...path, index]);
    }
  } else if (value !== null && typeof value === "object") {
    for (const [key, item] of Object.entries(value)) yield* textsOf(item, [...path, key]);
  }
}
