import assert from "node:assert/strict";
import { test } from "node:test";
import type { PublishedPort } from "../../src/model/container.ts";
import { addressesMeet, portsMeet } from "../../src/model/ports.ts";

/** What Docker 20.10.24 and 28.5.2 answered when both were published at the same port. */
const seen: readonly (readonly [a: string, b: string, meet: boolean])[] = [
  ["", "::", true],
  ["", "", true],
  ["", "127.0.0.1", true],
  ["", "::1", true],
  ["0.0.0.0", "::", false],
  ["0.0.0.0", "::1", false],
  ["0.0.0.0", "127.0.0.1", true],
  ["::", "::1", true],
  ["::1", "::1", true],
  ["::1", "[0:0:0:0:0:0:0:1]", true],
  ["127.0.0.1", "127.0.0.2", false],
  ["127.0.0.1", "::", false],
];

for (const [a, b, meet] of seen) {
  test(`addressesMeet() says that "${a}" and "${b}" ${meet ? "meet" : "run side by side"}, as Docker does`, () => {
    assert.deepEqual([addressesMeet(a, b), addressesMeet(b, a)], [meet, meet]);
  });
}

const port = (published: string, protocol = "tcp"): PublishedPort => ({ target: 80, protocol, hostIp: "", published });

test("portsMeet() knows ranges, protocols and ports of the Engine's choice", () => {
  assert.equal(portsMeet(port("80"), port("80")), true);
  assert.equal(portsMeet(port("80"), port("80", "udp")), false);
  assert.equal(portsMeet(port("8000-8010"), port("8010")), true);
  assert.equal(portsMeet(port("8000-8010"), port("8011")), false);
  assert.equal(portsMeet(port(""), port("80")), false);
});
