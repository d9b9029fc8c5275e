// A reporter for node:test that ends the process with the first test that fails: the rest would say no more.
export default async function* stopAtFailure(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail") continue;
    process.stdout.write(`failed: ${data.name}\n`);
    process.exit(1);
  }
  yield "";
}
