import type { Words } from "./problem-words.ts";
import { lineOf, type TextLine } from "./text-lines.ts";

const conflict: Words = {
  message: "The line is the mark of a merge conflict in git",
  hint: "keep the lines of one side, and take away <<<<<<<, =======, >>>>>>> and the other side",
};
const template: Words = {
  message: "The line is one of a template, not of YAML",
  hint: "commit the file that the template makes: nothing but variables is filled in here",
};
const fence: Words = { message: "The line is a mark of Markdown, not of YAML", hint: "take the line away" };
const comment: Words = { message: "The line is no comment of YAML", hint: "begin a comment with `#`" };

const foreign: readonly (readonly [beginning: RegExp, Words])[] = [
  [/^\{[{%#]/, template],
  [/^(?:```|~~~)/, fence],
  [/^(?:\/\/|\/\*)/, comment],
];

interface Found extends Words {
  readonly offset: number;
}

/** What is to be said of the line at an offset if it belongs to another language. */
export function foreignLine(lines: readonly TextLine[], offset: number): Found | undefined {
  const line = lines[lineOf(lines, offset)];
  const [, said] = foreign.find(([beginning]) => line && beginning.test(line.text)) ?? [];
  return line && said && { ...said, offset: line.offset };
}

/** The first mark that git leaves in a file with a conflict: what follows of it makes no sense. */
export function conflictMark(lines: readonly TextLine[]): Found | undefined {
  const line = lines.find(({ column, text }) => column === 0 && /^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(text));
  return line && { ...conflict, offset: line.offset };
}
