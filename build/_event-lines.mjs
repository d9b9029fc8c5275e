// A reporter for node:test that writes one JSON object a line for each test, for build/_run-node.ts.
import { inspect } from "node:util";

export default async function* eventLines(events) {
  const names = [];
  for await (const { type, data } of events) {
    if (type === "test:start") names.splice(data.nesting, Infinity, data.name);
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details.type === "suite") continue;
    const name = [...names.slice(0, data.nesting), data.name].join(" › ");
    yield `${JSON.stringify({ name, ...outcome(type, data) })}\n`;
  }
}

function outcome(type, { skip, todo, details }) {
  const left = skip ?? todo;
  if (left !== undefined && left !== false) {
    return { result: "skipped", text: left === true || left === "" ? "no reason given" : left };
  }
  if (type === "test:pass") return { result: "passed" };
  const { error } = details;
  return { result: "failed", text: inspect(error.cause ?? error, { breakLength: 120 }) };
}
