import type { AgentConfig, DeploymentConfig } from "../config/agent-config.ts";
import type { GuardedPath, GuardedPaths } from "../model/guarded.ts";

/**
 * What a deployment's containers may not get at: the agent's folders and socket, what opens bundles and repositories, and
 * what other deployments own (a link in their checkout leads to their keys).
 *
 * @param real a path with the links of this host followed
 */
export function guardedPaths(
  config: AgentConfig,
  deployment: DeploymentConfig,
  real: (path: string) => string,
): GuardedPaths {
  const { state, runtime } = config;
  const others = config.deployments.filter(({ name }) => name !== deployment.name);
  const guarded = (path: string, what: string): GuardedPath => ({ path, what, around: "guarded" });
  const paths: GuardedPath[] = [
    guarded(`${runtime}/holdfast.sock`, "the agent's control socket"),
    ...others.map(({ name }) => guarded(`${runtime}/${name}`, `keys and secrets of deployment "${name}"`)),
    guarded(runtime, "the agent's runtime folder"),
    guarded(state, "the agent's state folder"),
    ...others.map(({ name, checkout }): GuardedPath => ({
      path: checkout,
      what: `the checkout of deployment "${name}"`,
      around: "open",
    })),
    ...config.deployments.flatMap(secretFiles),
  ];
  return { paths: bothSpellings(paths), own: [deployment.checkout, `${runtime}/${deployment.name}`].flatMap(both) };

  function both(path: string): string[] {
    return [...new Set([path, real(path)])];
  }

  function bothSpellings(written: readonly GuardedPath[]): GuardedPath[] {
    return written.flatMap((each) => both(each.path).map((path) => ({ ...each, path })));
  }
}

function secretFiles({ name, credentials, unlock }: DeploymentConfig): GuardedPath[] {
  return [credentials.tokenFile, unlock.passphraseFile, unlock.privateKeyFile].flatMap((file): GuardedPath[] =>
    file?.kind === "path" ? [{ path: file.path, what: `a secret of deployment "${name}"`, around: "open" }] : []
  );
}
