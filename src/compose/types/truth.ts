/** `true`, `yes`, `on`, `y` and their contraries, in any case: a text where Compose takes a boolean. */
export function parseBoolText(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case "true":
    case "y":
    case "yes":
    case "on":
      return true;
    case "false":
    case "n":
    case "no":
    case "off":
      return false;
    default:
      return undefined;
  }
}

/** A truth value as the Engine reads it in an option, and Compose in its own variables and in `external`. */
export function parseGoBool(text: string): boolean | undefined {
  if (/^(?:1|t|T|true|True|TRUE)$/.test(text)) return true;
  return /^(?:0|f|F|false|False|FALSE)$/.test(text) ? false : undefined;
}
