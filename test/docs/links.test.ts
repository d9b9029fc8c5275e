import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = globSync(["*.md", "docs/*.md", "examples/*/README.md"], { cwd: root }).sort();

for (const page of pages) {
  test(`links of ${page} lead somewhere`, () => {
    const text = withoutCode(readFileSync(join(root, page), "utf8"));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    assert.deepEqual(links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(page, link)), []);
  });
}

test("README.md leads to every page of docs/", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const missing = pages.filter((page) => page.startsWith("docs/") && !readme.includes(`](${page})`));
  assert.deepEqual(missing, []);
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const file = join(root, path === "" ? page : join(dirname(page), path));
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, "utf8")).has(anchor);
}

/** Of the headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^\1```/gm, "");
}
