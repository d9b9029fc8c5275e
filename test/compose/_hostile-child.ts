// Loads the hostile inputs one by one and measures how loading grows: a line of JSON for each.
import process from "node:process";
import { hostileInputs, manyDocuments, manyServices } from "./_hostile.ts";
import { loadTexts } from "./_load-text.ts";

for (const { name, files } of hostileInputs) {
  const { project, issues } = loadTexts(files);
  const codes = [...new Set(issues.filter((issue) => issue.severity === "error").map((issue) => issue.code))];
  console.log(JSON.stringify({ name, loaded: project !== undefined, codes }));
}

for (const textOf of [manyServices, manyDocuments]) {
  console.log(JSON.stringify({ text: textOf.name, small: cpuTime(textOf(40_000)), large: cpuTime(textOf(160_000)) }));
}

/** The least of three: what else runs on the machine does not count. */
function cpuTime(text: string): number {
  return Math.min(...[1, 2, 3].map(() => {
    const before = process.cpuUsage();
    loadTexts({ "compose.yaml": text });
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }));
}
