import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalAddress, canonicalMac } from "../../src/model/addresses.ts";

const spellings = [
  ["10.5.0.1", "10.5.0.1"],
  ["FD00:77::1", "fd00:77::1"],
  ["fd00:0077:0000:0:0:0:0:0001", "fd00:77::1"],
  ["::ffff:10.0.0.1", "::ffff:a00:1"],
  ["::", "::"],
  ["10.5.7.9/16", "10.5.0.0/16"],
  ["FD00:82:0:0::5/064", "fd00:82::/64"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["0:0:3:4:5:6:7:0", "::3:4:5:6:7:0"],
  ["1:20:0:0:10:6:7:8", "1:20::10:6:7:8"],
  ["1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["010.5.0.0/16", "010.5.0.0/16"],
  ["", ""],
] as const;

test("canonicalAddress() gives all spellings of an address or a subnet one text", () => {
  assert.deepEqual(spellings.map(([text]) => canonicalAddress(text)), spellings.map(([, canonical]) => canonical));
});

test("canonicalMac() gives all spellings of a MAC address one text", () => {
  const texts = ["02:42:AC:11:00:02", "02-42-ac-11-00-02", "0242.AC11.0002", "02:42:ac:11:00:02"];
  assert.deepEqual(new Set(texts.map(canonicalMac)), new Set(["02:42:ac:11:00:02"]));
  assert.equal(canonicalMac("zz"), "zz");
});
