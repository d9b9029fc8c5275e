// Loads the hostile inputs one by one and measures how loading grows: a line of JSON for each.
import process from "node:process";
import { answer, hostileInputs, manyDocuments, manyServices } from "./_hostile.ts";
import { loadTexts } from "./_load-text.ts";

for (const input of hostileInputs) console.log(JSON.stringify(answer(input)));

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
