import { isMainThread } from "node:worker_threads";

// The binary holds one program: its worker threads evaluate it as well.
if (isMainThread) void import("./main.ts");
else void import("./wire-worker.ts");
