/** Where holdfast is not as Compose 2.40.3 is, case by case, with why it should be so. */
export const corpusExceptions: Readonly<Record<string, string>> = {
  "e2e-build-test-ssh_compose.yaml": sshPrinting(),
  "go-loader-loader-TestLoadSSHWithKeyValueInBuildConfig-01": sshPrinting(),
  "go-loader-loader-TestLoadSSHWithKeysValuesInBuildConfig-01": sshPrinting(),
  "go-loader-loader-TestXService-01":
    "Compose takes an x- key of `networks` out of the mapping and then misses the network `#extensions` that it made of it",
};

function sshPrinting(): string {
  return "`docker compose up` takes `build.ssh` with a path; only its JSON printer fails on it";
}
