import { composeLabel } from "../../src/model/labels.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { minimalSpec } from "../support/container-spec.ts";
import { engineContract, type EngineUnderTest } from "./engine.contract.ts";
import { failingImage, serviceImage } from "./images.ts";

engineContract("the fake Engine", makeFake);

function makeFake(): Promise<EngineUnderTest> {
  const engine = fakeEngine();
  const { host } = engine;
  const nameOf = (id: string) => engine.host.names().get(id)!;
  host.addImage("contract/service:1", { defaults: serviceImage });
  host.addImage("contract/failing:1", { behaviour: { kind: "exits", exitCode: 3, log: [failingImage.words] } });
  host.losePath("/srv/contract/nobody-made-this");
  return Promise.resolve({
    engine,
    project: "contract",
    images: { service: "contract/service:1", failing: "contract/failing:1" },
    folder: "/srv/contract",
    subnet: "10.213.7",
    port: 18000,
    host: {
      exit: async (id) => host.exit(nameOf(id)),
      pause: async (id) => host.pause(nameOf(id)),
      remove: async (id) => host.remove(nameOf(id)),
      setMemory: async (id, memoryBytes) => host.update(nameOf(id), { resources: { memoryBytes } }),
      anonymousVolumes: async (id) => host.anonymousVolumes(nameOf(id)),
      hasVolume: async (name) => host.hasVolume(name),
      run: async (name, image, port) => {
        const ports = [{ target: 80, protocol: "tcp", hostIp: "127.0.0.1", published: String(port) }];
        return host.run(name, minimalSpec(image, { networkMode: "bridge", ports }), { [composeLabel.oneoff]: "False" });
      },
    },
    dispose: async () => {},
  });
}
