import { createRepository, type Repository } from "../../test/support/repository.ts";
import { removeProject } from "../../test/support/engine.ts";
import { standIn } from "../../test/support/images.ts";
import { until } from "../../test/support/until.ts";
import { dist, type SystemdHost, systemdHost } from "../../test/service/_systemd-host.ts";
import type { Play } from "./acts.ts";
import type { Finding, Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";

const image = "demo/web:1";
const container = "hello-web-1";
const served = "/srv/hello.git";

/** README's "first deployment", on a system of its own: systemd in a container, the demo's Engine outside of it. */
export async function installedAsService({ stage, screen }: Play): Promise<void> {
  screen.begin(
    "Installed as a service",
    "Another host, bare but for systemd: a container with this machine's systemd as its first process. It has the same",
    "Engine, and a repository that lies on its own disk. This machine's own systemd is not asked for anything.",
  );
  await using stack = new AsyncDisposableStack();
  stack.use(await standIn(stage.engine, image));
  const repository = stack.use(await createRepository("hello"));
  await push(repository, "hello");
  stack.defer(() => removeProject(stage.engine, "hello"));
  const host = await bootHost(stage, repository).catch((error: Error) => error);
  if (host instanceof Error) return screen.say(`left out: ${reasonOf(host)}`);
  stack.use(host);
  await install(stage, { host, screen });
  await deploy(stage, { host, screen, repository });
  await uninstall(stage, { host, screen });
}

async function bootHost(stage: Stage, { bare }: Repository): Promise<SystemdHost> {
  return await systemdHost(stage.engine, [`${bare}:${served}`, `${stage.engine.socket}:/var/run/docker.sock`]);
}

/** Why there is no such host: its program is missing here, the Engine refuses the container, or what systemd said last. */
function reasonOf(error: Error): string {
  const words: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    words.push(each.message.trim().split("\n").slice(-3).join(" | "));
  }
  return words.join("; ");
}

interface Props {
  readonly host: SystemdHost;
  readonly screen: Screen;
}

async function install(stage: Stage, { host, screen }: Props): Promise<void> {
  const words = ["install", "--repository", served, "--ref", "main", "--path", "production"];
  screen.deed(`dist/holdfast ${words.join(" ")}`);
  show(screen, await host.output(`${dist}/holdfast`, ...words));
  await until("the service to converge", async () => / converged at /.test(await journal(host)), 60_000);
  screen.deed("systemctl status holdfast");
  show(screen, await host.output("systemctl", "status", "holdfast", "--no-pager", "--lines=0"));
  screen.deed("journalctl -u holdfast");
  show(screen, await journal(host));
  const [active, enabled] = [await host.property(unit, "ActiveState"), await host.property(unit, "UnitFileState")];
  screen.check("the service is active and starts at boot", equal(`${active}, ${enabled}`, "active, enabled"));
  screen.check("what the repository wants runs", equal((await web(stage)).greeting, "hello"));
}

async function deploy(
  stage: Stage,
  { host, screen, repository }: Props & { readonly repository: Repository },
): Promise<void> {
  const before = await journal(host);
  screen.deed("git push, then holdfast sync --wait");
  await push(repository, "good morning");
  show(screen, await host.output("holdfast", "sync", "--wait"));
  const told = await journal(host);
  show(screen, told.slice(before.length).trimStart());
  screen.check("the push runs", equal((await web(stage)).greeting, "good morning"));
  await host.output("holdfast", "sync", "--wait");
  screen.check("a pass that finds nothing to do adds no line to the journal", equal(await journal(host), told));
}

async function uninstall(stage: Stage, { host, screen }: Props): Promise<void> {
  const { id, startedAt } = await web(stage);
  screen.deed("holdfast uninstall");
  show(screen, await host.output("holdfast", "uninstall"));
  const after = await web(stage);
  screen.check("the container runs on, untouched", equal(`${after.id} ${after.startedAt}`, `${id} ${startedAt}`));
  const put = ["/usr/local/bin/holdfast", "/etc/holdfast/agent.yaml", ...units];
  const present = async (path: string) => (await host.run("ls", path)).code === 0;
  const left = await Promise.all(put.map(async (path) => await present(path) ? path : ""));
  screen.check("what install put there has gone", equal(left.join(""), ""));
  screen.check("the state is left", equal(await present("/var/lib/holdfast/hello/ledger.json"), true));
}

const unit = "holdfast.service";
const units = [unit, "holdfast-keys.service"].map((name) => `/etc/systemd/system/${name}`);

async function journal(host: SystemdHost): Promise<string> {
  return await host.output("journalctl", "--unit", unit, "--output", "cat", "--no-pager", "--identifier=holdfast");
}

async function web({ engine }: Stage): Promise<{ id: string; startedAt: string; greeting: string | undefined }> {
  const { Id: id, State, Config } = await engine.docker.getContainer(container).inspect();
  if (!State.Running) throw new Error(`"${container}" is ${State.Status}`);
  return {
    id,
    startedAt: State.StartedAt,
    greeting: Config.Env.find((each) => each.startsWith("GREETING="))?.slice(9),
  };
}

async function push(repository: Repository, greeting: string): Promise<void> {
  await repository.commit({
    "production/holdfast.yaml": "project: hello\nverify: { running: 2s }\n",
    "production/compose.yaml": `services:
  web:
    image: ${image}
    restart: unless-stopped
    mem_limit: 64m
    logging: { driver: local }
    environment: { GREETING: "${greeting}" }
`,
  }, greeting);
}

function show(screen: Screen, text: string): void {
  for (const line of text.split("\n").filter((each) => each !== "")) screen.journal(line);
}

function equal(found: unknown, wanted: unknown): Finding {
  return found === wanted ? undefined : `found "${found}", needed "${wanted}"`;
}
