// The main scenario once more, on what users have: the binary of `npm run build`.
process.env["HOLDFAST_E2E_PROGRAM"] = "binary";
await import("./convergence.test.ts");
