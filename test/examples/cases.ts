import { fileURLToPath } from "node:url";

/** One way to deploy a folder of `examples/`, as the real Compose is asked for it. */
export interface ExampleCase {
  /** Also the name of its file in `expected/`. */
  readonly name: string;
  /** The example's folder, absolute. */
  readonly folder: string;
  /** The folder inside it that holds the manifest or the Compose file. */
  readonly path: string;
  /** Files that an operator makes by copying, `from` → `to`. */
  readonly copies: Readonly<Record<string, string>>;
  readonly project: string;
  /** In the order in which they are merged, from the example's folder. */
  readonly composeFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const mender = {
  folder: example("mender"),
  path: "production",
  project: "menderproduction",
  environment: {
    INTEGRATION_VERSION: "2.2.0",
    MENDER_VERSION: "2.1.1",
    MENDER_ARTIFACT_VERSION: "3.2.0",
    MENDER_DEB_PACKAGE_VERSION: "2.1.1",
    GATEWAY_IP: "192.0.2.10",
  },
};

export const EXAMPLE_CASES: readonly ExampleCase[] = [
  {
    ...mender,
    name: "mender",
    copies: {},
    composeFiles: ["docker-compose.yml", "docker-compose.storage.minio.yml", "production/config/prod.yml"],
  },
  {
    ...mender,
    name: "mender-enterprise",
    copies: { "production/config/enterprise.yml.example": "production/config/enterprise.yml" },
    composeFiles: [
      "docker-compose.yml",
      "docker-compose.storage.minio.yml",
      "docker-compose.enterprise.yml",
      "production/config/prod.yml",
      "production/config/enterprise.yml",
    ],
  },
  {
    name: "hello",
    folder: example("hello"),
    path: ".",
    copies: {},
    project: "hello",
    composeFiles: ["compose.yaml"],
    environment: {},
  },
];

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}
