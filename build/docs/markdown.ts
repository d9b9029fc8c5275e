/** A Markdown table; `|` and line ends in a cell are written so that it stays one cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}

/** Text as code; `fallback` where there is none. */
export function code(text: string, fallback = ""): string {
  if (text === "") return fallback;
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A page of paragraphs, tables and headings. */
export function page(...parts: readonly string[]): string {
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

/** The line below a page's title that tells where its text comes from. */
export function generatedFrom(what: string): string {
  return `<!-- Made from ${what}: \`UPDATE_GOLDEN=1\` with test/docs/pages.test.ts writes it anew. -->`;
}
