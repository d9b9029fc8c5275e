import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificate, sealKeys } from "../../test/support/mender/keys.ts";
import { ensureMenderImages } from "../../test/support/mender/stand-ins.ts";
import type { Agent } from "./agent.ts";
import {
  allRun,
  environmentOf,
  fingerprint,
  gatewayFingerprint,
  keysOnTmpfs,
  knock,
  look,
  onlyTouched,
  running,
  secretsStayed,
  servesTo,
  volumes,
  waitFor,
  waitForFetch,
  waitForQuiet,
} from "./judge.ts";
import { installedAsService } from "./service-act.ts";
import type { Finding, Screen } from "./screen.ts";
import { BUNDLE, PROD_YML, replaceOnce, type Stage } from "./stage.ts";

/** What an act plays with. */
export interface Play {
  readonly stage: Stage;
  readonly screen: Screen;
  readonly agent: Agent;
  readonly passphrases: { readonly first: string; readonly second: string };
}

/** In their order; each starts from the converged host that the one before left. */
export const ACTS: readonly ((play: Play) => Promise<void>)[] = [
  firstConvergence,
  drift,
  changeOfOneService,
  deniedCommit,
  wrongPassphrase,
  enterprise,
  installedAsService,
  secrets,
];

async function firstConvergence({ stage, screen }: Play): Promise<void> {
  screen.begin(
    "First convergence",
    "The host is empty. The agent fetches the commit, opens the keys and makes the host equal to it.",
  );
  await waitFor(stage, "twelve running services", (scene) => allRun(scene) === undefined);
  await waitForQuiet(stage);
  const scene = await look(stage);
  const trusted = await readFile(join(stage.folders.keys, "certs/server.crt"));
  screen.check("the twelve services run, none was started twice", allRun(scene));
  screen.check(
    "the gateway serves TLS on 443 to a device that trusts server.crt",
    await servesTo(stage, "api", trusted),
  );
  screen.check("so does the storage proxy on 9000", await servesTo(stage, "storage", trusted));
  screen.check("the four external volumes were made", equal((await volumes(stage)).join(" "), VOLUMES));
  screen.check("every key that a container sees lies on tmpfs", keysOnTmpfs(scene));
}

const VOLUMES = "mender-artifacts mender-db mender-elasticsearch-db mender-redis-db";

async function drift({ stage, screen }: Play): Promise<void> {
  screen.begin("Drift", "Somebody works on the host by hand. Git has not moved, so the host is put back.");
  const { docker } = stage.engine;

  screen.deed("docker stop mender-inventory");
  let before = await look(stage);
  const inventory = before.get("mender-inventory")!.Id;
  await docker.getContainer(inventory).stop();
  await waitFor(stage, "mender-inventory to run again", (scene) => running(scene, "mender-inventory"));
  await waitForQuiet(stage);
  let after = await look(stage);
  screen.check("the stopped container runs again, the same one", equal(after.get("mender-inventory")?.Id, inventory));
  screen.check("nothing else was touched", onlyTouched(before, after, ["mender-inventory"]));

  screen.deed("docker rm -f mender-gui");
  before = await look(stage);
  await docker.getContainer(before.get("mender-gui")!.Id).remove({ force: true });
  await waitFor(stage, "mender-gui to run again", (scene) => running(scene, "mender-gui"));
  await waitForQuiet(stage);
  after = await look(stage);
  screen.check("the removed container was made again", allRun(after));
  screen.check("nothing else was touched", onlyTouched(before, after, ["mender-gui"]));

  screen.deed("docker update --memory 64m mender-mongo, which holds data");
  before = await look(stage);
  const mongo = before.get("mender-mongo")!.Id;
  await stage.engine.docker.getContainer(mongo).update({ Memory: 64 << 20, MemorySwap: 128 << 20 });
  const data = await databaseFile(stage);
  await waitFor(
    stage,
    "mender-mongo without a limit",
    (scene) => running(scene, "mender-mongo") && scene.get("mender-mongo")!.HostConfig.Memory === 0,
  );
  await waitForQuiet(stage);
  after = await look(stage);
  screen.check("the limit is git's again: none", equal(after.get("mender-mongo")?.HostConfig.Memory, 0));
  screen.check("its data is what it was", equal(await databaseFile(stage), data));
  const recreated = after.get("mender-mongo")?.Id === mongo ? [] : ["mender-mongo"];
  screen.check("nothing else was touched", onlyTouched(before, after, recreated));
}

async function changeOfOneService({ stage, screen }: Play): Promise<void> {
  screen.begin("A pushed commit changes one service", "Deploying is pushing a commit.");
  const before = await look(stage);
  const gateway = knock(stage);
  screen.deed("git push: DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT 500 becomes 1000");
  await changeProdYml(stage, "raise the device limit", ["DEFAULT: 500", "DEFAULT: 1000"]);
  await waitFor(
    stage,
    "the new device limit",
    (scene) => running(scene, "mender-device-auth") && deviceLimit(scene) === "1000",
  );
  await waitForQuiet(stage);
  const after = await look(stage);
  screen.check("mender-device-auth runs with the new limit", equal(deviceLimit(after), "1000"));
  screen.check("no other container was touched", onlyTouched(before, after, ["mender-device-auth"]));
  screen.check("the gateway answered every TLS connection meanwhile", await gateway.stop());
  screen.check("all twelve run", allRun(after));
}

async function deniedCommit({ stage, screen }: Play): Promise<void> {
  screen.begin(
    "A commit that a policy denies",
    "A half of a change is pushed: MinIO gets a new secret, the deployments service keeps the old one.",
  );
  const before = await look(stage);
  const secret = environmentOf(before, "minio", "MINIO_SECRET_KEY")!;
  const fresh = `${secret.slice(8)}${secret.slice(0, 8)}`;
  screen.deed("git push: another MINIO_SECRET_KEY");
  await waitForFetch(
    stage,
    () =>
      changeProdYml(stage, "rotate the storage's secret", [
        `MINIO_SECRET_KEY: ${secret}`,
        `MINIO_SECRET_KEY: ${fresh}`,
      ]),
  );
  const held = await look(stage);
  screen.check("the commit was fetched and nothing was touched", onlyTouched(before, held, []));

  screen.deed("docker stop mender-useradm, while the commit is held");
  await stage.engine.docker.getContainer(held.get("mender-useradm")!.Id).stop();
  await waitFor(stage, "mender-useradm to run again", (scene) => running(scene, "mender-useradm"));
  await waitForQuiet(stage);
  const corrected = await look(stage);
  screen.check("drift of the applied revision is still corrected", allRun(corrected));
  screen.check(
    "and the held commit is still not applied",
    equal(environmentOf(corrected, "minio", "MINIO_SECRET_KEY"), secret),
  );

  screen.deed("git push: the other half");
  await changeProdYml(stage, "the deployments service takes the new secret too", [
    `AUTH_SECRET: ${secret}`,
    `AUTH_SECRET: ${fresh}`,
  ]);
  await waitFor(
    stage,
    "the new secret on both sides",
    (scene) =>
      running(scene, "minio") && environmentOf(scene, "minio", "MINIO_SECRET_KEY") === fresh &&
      running(scene, "mender-deployments") &&
      environmentOf(scene, "mender-deployments", "DEPLOYMENTS_AWS_AUTH_SECRET") === fresh,
  );
  await waitForQuiet(stage);
  const after = await look(stage);
  screen.check(
    "the whole change is applied, to these two services",
    onlyTouched(corrected, after, ["minio", "mender-deployments"]),
  );
  screen.check("all twelve run", allRun(after));
}

async function wrongPassphrase({ stage, screen, passphrases }: Play): Promise<void> {
  screen.begin(
    "A wrong passphrase",
    "A new gateway certificate is pushed, in a bundle whose new passphrase nobody brought to the host.",
  );
  const before = await look(stage);
  const old = await gatewayFingerprint(stage);
  const certificate = await makeCertificate(join(stage.folders.keys, "certs/api-gateway"), "mender.acme.example");
  const bundle = join(stage.folders.state, "../bundle.gpg");
  await sealKeys(stage.folders.keys, passphrases.second, bundle);
  const sealed = await readFile(bundle);
  screen.deed("git push: keys-generated.tar.gpg, sealed with another passphrase");
  await waitForFetch(stage, () => stage.repository.commit({ [BUNDLE]: sealed }, "a new certificate for the gateway"));
  screen.check("the bundle was fetched and nothing was touched", onlyTouched(before, await look(stage), []));
  screen.check("the gateway still shows its certificate", equal(await gatewayFingerprint(stage), old));

  screen.deed("the new passphrase is written to the host's passphrase file");
  await writeFile(stage.files.passphrase, `${passphrases.second}\n`);
  await waitFor(
    stage,
    "another gateway container",
    (scene) =>
      running(scene, "mender-api-gateway") &&
      scene.get("mender-api-gateway")!.Id !== before.get("mender-api-gateway")!.Id,
  );
  await waitForQuiet(stage);
  const after = await look(stage);
  screen.check(
    "the gateway shows the new certificate",
    equal(await gatewayFingerprint(stage), fingerprint(certificate)),
  );
  screen.check(
    "only the service that binds the changed key was touched",
    onlyTouched(before, after, ["mender-api-gateway"]),
  );
  screen.check("all twelve run", allRun(after));
}

async function enterprise({ stage, screen }: Play): Promise<void> {
  screen.begin("Enterprise", "One file more in the repository, and the manifest merges two Compose files more.");
  await ensureMenderImages(stage.engine.socket, "enterprise");
  const before = await look(stage);
  const file = "production/config/enterprise.yml";
  screen.deed(`git push: ${file}, copied from its example`);
  const text = await readFile(join(stage.repository.clone, `${file}.example`));
  await stage.repository.commit({ [file]: text }, "Enterprise");
  await waitFor(stage, "fifteen running services", (scene) => allRun(scene, 15) === undefined);
  await waitForQuiet(stage);
  const after = await look(stage);
  screen.check("the fifteen services run, none was started twice", allRun(after, 15));
  const image = after.get("mender-useradm")?.Config.Image;
  const wanted = "registry.mender.io/mendersoftware/useradm-enterprise:1.9.0";
  screen.check("mender-useradm is Enterprise's", equal(image, wanted));
  screen.check("databases and storage were not touched", onlyTouched(before, after, ENTERPRISE_SERVICES));
}

/** Those that docker-compose.enterprise.yml adds or says something of, and says it to their containers. */
const ENTERPRISE_SERVICES = [
  "mender-api-gateway",
  "mender-conductor",
  "mender-deployments",
  "mender-device-auth",
  "mender-email-sender",
  "mender-gui",
  "mender-org-welcome-email-preparer",
  "mender-tenantadm",
  "mender-useradm",
];

async function secrets({ stage, screen, agent, passphrases }: Play): Promise<void> {
  screen.begin("Secrets", "Bytes of every private key and both passphrases are searched for.");
  const finding = await secretsStayed(stage, Object.values(passphrases), agent.journal);
  screen.check("none is in the journal, the state folder, or anything the Engine tells", finding);
}

function deviceLimit(scene: Awaited<ReturnType<typeof look>>): string | undefined {
  return environmentOf(scene, "mender-device-auth", "DEVICEAUTH_MAX_DEVICES_LIMIT_DEFAULT");
}

async function changeProdYml(
  { repository }: Stage,
  message: string,
  [from, to]: readonly [string, string],
): Promise<void> {
  const text = await readFile(join(repository.clone, PROD_YML), "utf8");
  await repository.commit({ [PROD_YML]: replaceOnce(text, from, to) }, message);
}

/** Of a file in the volume of the databases: tells it from one that was made again. */
async function databaseFile({ engine }: Stage): Promise<string> {
  const { Mountpoint } = await engine.docker.getVolume("mender-db").inspect();
  const { ino, birthtimeMs } = await stat(join(Mountpoint, "mongod.lock"));
  return `${ino} of ${birthtimeMs}`;
}

function equal(found: unknown, wanted: unknown): Finding {
  return found === wanted ? undefined : `found "${found}", needed "${wanted}"`;
}
