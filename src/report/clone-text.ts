import { quoteText } from "../model/escape.ts";
import { shortCommit } from "../model/revision.ts";
import { line, type LogLine } from "./line.ts";

/** An adopted clone whose own `.git`, which holdfast never touches, does not know the revision that lies there. */
export interface StaleClone {
  readonly deployment: string;
  /** The checkout: absolute. */
  readonly folder: string;
  /** What its `.git` has checked out. */
  readonly head: string;
  /** What its files are. */
  readonly applied: string;
}

/** How a clone is handed back to git, which else refuses to pull over files that it does not know. */
export function renderStaleClone({ deployment, folder, head, applied }: StaleClone): LogLine {
  const git = `git -C ${/^[\w./-]+$/.test(folder) ? folder : quoteText(folder)}`;
  return line(
    "notice",
    `${deployment}: ${quoteText(folder)} holds ${shortCommit(applied)}, its own .git is at ${
      shortCommit(head)
    }; before a git pull there: ${git} fetch && ${git} reset ${shortCommit(applied)} (changes no file)`,
    { event: "clone", deployment },
  );
}
