// The first code of the binary: evaluates the program, with what V8 compiled of it when the binary was made.
"use strict";
const { getRawAsset } = require("node:sea");
const { Script } = require("node:vm");

const asset = (name) => Buffer.from(getRawAsset(name));
// the program is ASCII: as Latin-1 it is taken over without decoding
const program = new Script(asset("program").latin1Slice(), { filename: __filename, cachedData: asset("code-cache") });
program.runInThisContext()(require, module, exports, __filename);
