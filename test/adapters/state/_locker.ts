// Takes the lock of a state folder, says so, and holds it until it is killed.
import process from "node:process";
import { lockState } from "../../../src/adapters/state/lock.ts";

lockState(process.argv[2]!);
console.log("locked");
setInterval(() => {}, 60_000);
