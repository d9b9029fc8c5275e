/** The image of every service. */
export const image = "holdfast-bench/service:1";
export const project = "bench";
/** The service whose environment changes and whose port is asked. */
export const port = 18080;

/**
 * Small services as the bench deploys them: killed to stop, a volume on every fourth, one published port. Its answer is
 * the value of VERSION.
 *
 * @param size number of services
 */
export function composeText(size: number, version: number): string {
  const names = serviceNames(size);
  const services = names.map((name, index) =>
    [
      `  ${name}:`,
      `    image: ${image}`,
      "    stop_signal: SIGKILL",
      "    restart: unless-stopped",
      "    environment:",
      `      SERVICE: ${name}`,
      "      LOG_LEVEL: ${LOG_LEVEL:-info}",
      ...(index === 0 ? [`      VERSION: "${version}"`, ...published] : []),
      ...(index % 4 === 0 ? [`    volumes: ["data-${name}:/data"]`] : []),
    ].join("\n")
  );
  const volumes = names.filter((_, index) => index % 4 === 0).map((name) => `  data-${name}: {}`);
  return `name: ${project}\nservices:\n${services.join("\n")}\nvolumes:\n${volumes.join("\n")}\n`;
}

const published = [
  `    ports: ["127.0.0.1:${port}:80"]`,
  `    command: ["/bin/sh", "-c", "echo $$VERSION > /www/index.html; exec httpd -f -p 80 -h /www"]`,
];

/**
 * The same services over five files, by path: each of the four that follow says something of every service, as the files
 * of a release, its storage, its limits and its production settings do.
 */
export function fiveFiles(size: number): ReadonlyMap<string, string> {
  const overlay = (lines: (name: string, index: number) => readonly string[]): string =>
    `services:\n${
      serviceNames(size).map((name, index) => [`  ${name}:`, ...lines(name, index)].join("\n")).join("\n")
    }\n`;
  return new Map([
    ["compose.yaml", composeText(size, 1)],
    [
      "compose.logging.yaml",
      overlay(() => ["    logging:", "      driver: json-file", '      options: { max-size: "10m", max-file: "5" }']),
    ],
    [
      "compose.limits.yaml",
      overlay((_, index) => [`    mem_limit: ${64 + index}m`, "    pids_limit: 200", '    cpus: "0.5"']),
    ],
    [
      "compose.labels.yaml",
      overlay((
        name,
      ) => ["    labels:", `      com.example.owner: team-${name}`, '      com.example.tier: "${TIER:-2}"']),
    ],
    [
      "compose.production.yaml",
      overlay((name, index) => [
        "    environment:",
        `      UPSTREAM: http://s${String((index + 1) % size).padStart(2, "0")}:8080`,
        `      LOG_LEVEL: \${LOG_LEVEL:-warn}`,
        `    stop_grace_period: ${index % 9 + 1}s`,
        ...(index > 0 ? ["    depends_on: [s00]"] : []),
        `    hostname: ${name}.example.com`,
      ]),
    ],
  ]);
}

function serviceNames(size: number): string[] {
  return Array.from({ length: size }, (_, index) => `s${String(index).padStart(2, "0")}`);
}
