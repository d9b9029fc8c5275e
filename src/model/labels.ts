/** Compose's own labels, written as Compose 2.40 writes them: `docker compose ps` and every tool on top keep working. */
export const composeLabel = {
  configHash: "com.docker.compose.config-hash",
  containerNumber: "com.docker.compose.container-number",
  dependsOn: "com.docker.compose.depends_on",
  image: "com.docker.compose.image",
  oneoff: "com.docker.compose.oneoff",
  project: "com.docker.compose.project",
  configFiles: "com.docker.compose.project.config_files",
  workingDir: "com.docker.compose.project.working_dir",
  replace: "com.docker.compose.replace",
  service: "com.docker.compose.service",
  version: "com.docker.compose.version",
  network: "com.docker.compose.network",
  volume: "com.docker.compose.volume",
} as const;

/** The Compose release whose labels and config-hash we write. */
export const composeVersion = "2.40.3";

/** holdfast's own labels. */
export const holdfastLabel = {
  deployment: "io.holdfast.deployment",
  /** Commit that created the resource; another commit alone never recreates it. */
  revision: "io.holdfast.revision",
  /** `v1:<key id>:<keyed digest>` of everything desired. */
  digest: "io.holdfast.digest",
  /** JSON: Compose's key → keyed digest of what a network or a volume was made from, so that a changed key can be named. */
  fields: "io.holdfast.fields",
  /** JSON: target → keyed digest of each bound file, so that a changed file can be named. */
  files: "io.holdfast.files",
  /** JSON: Compose's keys whose values came from keys, such as `["command","environment.STORAGE"]`: what plans mask. */
  secrets: "io.holdfast.secrets",
} as const;

/** Whether a label is Compose's or ours: such labels are identity, never drift. */
export function isIdentityLabel(name: string): boolean {
  return name.startsWith("com.docker.compose.") || name.startsWith("io.holdfast.");
}
