import type { ImageDefaults } from "../../src/model/observed.ts";

/** What the contract's service image gives; the same on a real Engine and on the fake. */
export const serviceImage: Partial<ImageDefaults> = {
  environment: { GREETING: "from the image", PATH: "/bin", REPLACED: "by the image" },
  labels: { "org.example.image": "service" },
  exposedPorts: ["80/tcp"],
  volumes: ["/data"],
  user: "0",
  workingDir: "/tmp",
  healthcheck: { test: ["CMD-SHELL", "true"], intervalMs: 1000, retries: 5 },
};

export const failingImage = { words: "cannot go on", exitCode: 3 };
