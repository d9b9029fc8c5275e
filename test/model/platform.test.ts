import assert from "node:assert/strict";
import { test } from "node:test";
import { isForPlatform } from "../../src/model/platform.ts";

const arm = { os: "linux", architecture: "arm64", variant: "v8" };

for (const asked of ["linux/arm64", "linux/arm64/v8", "linux/aarch64", "arm64", "linux", "Linux/ARM64"]) {
  test(`an image for linux/arm64/v8 serves a service that asks for ${asked}`, () => {
    assert.equal(isForPlatform(arm, asked), true);
  });
}

for (const asked of ["linux/amd64", "linux/arm64/v7", "windows/arm64", "amd64"]) {
  test(`an image for linux/arm64/v8 does not serve one that asks for ${asked}`, () => {
    assert.equal(isForPlatform(arm, asked), false);
  });
}
