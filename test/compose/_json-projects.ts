import fc from "fast-check";
import type { Schema } from "../../src/compose/schema/schema.ts";
import { serviceSchema } from "../../src/compose/schema/schema-service.ts";

/** Texts that mean something somewhere in a Compose file. */
const words = fc.constantFrom(
  "a",
  "b",
  "${A}",
  "${A:-x}",
  "80:80",
  "./x:/y",
  "v:/z:ro",
  "1m",
  "512m",
  "-1",
  "0",
  "1",
  "true",
  "no",
  "",
  "service:b",
  "~/q",
  "x=y",
  "$$q",
  "nope",
  "a=1",
  "a:1.2.3.4",
  "9000-9002",
  "tcp",
  "1.5",
  "all",
  "/p",
  "on-failure:3",
  "a b 'c d'",
  "__proto__",
  "constructor",
  "[",
  "${",
  "$(",
  "&",
  "*a",
);

const noise: fc.Arbitrary<unknown> = fc.oneof(
  words,
  fc.integer({ min: -5, max: 70_000 }),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constantFrom(null, [], {}),
);

/** Values that a schema takes, with now and then one that it does not. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fittingValues(schema) }, { weight: 1, arbitrary: noise });
}

function fittingValues(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.kind) {
    case "any":
      return noise;
    case "scalar":
      return fc.oneof(...schema.types.map((type): fc.Arbitrary<unknown> => {
        if (type === "string") return schema.oneOf ? fc.constantFrom(...schema.oneOf) : words;
        if (type === "null") return fc.constant(null);
        return type === "boolean" ? fc.boolean() : fc.integer({ min: -3, max: 100 });
      }));
    case "list":
      return fc.array(valuesOf(schema.of), { maxLength: 3 });
    case "either":
      return fc.oneof(...schema.of.map(valuesOf));
    case "map":
      return schema.others
        ? fc.dictionary(fc.constantFrom("a", "b", "__proto__"), valuesOf(schema.others), { maxKeys: 2 })
        : someOf(schema.keys);
  }
}

/** Up to four of the keys with values. */
function someOf(keys: Readonly<Record<string, Schema>>): fc.Arbitrary<Record<string, unknown>> {
  const names = Object.keys(keys);
  return fc.subarray(names, { maxLength: Math.min(4, names.length) }).chain((some) =>
    fc.record(Object.fromEntries(some.map((name) => [name, valuesOf(keys[name]!)])))
  );
}

/** Projects of three services, one of them with keys of the schema; many are accepted, many are not. */
export const projects: fc.Arbitrary<object> = someOf(serviceSchema.keys).map((service) => ({
  services: { web: { image: "x", ...service }, a: { image: "y" }, b: { image: "z" } },
  networks: { a: {}, b: {} },
  volumes: { v: {}, a: {} },
  secrets: { a: { file: "./s" } },
  configs: { a: { content: "x" } },
}));

/** The same value with the keys of every mapping in another order. */
export function shuffleKeys(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, seed));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffleKeys(item, seed)] as const);
  const rank = (key: string): number =>
    [...key].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1009, seed);
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)));
}
