import { compareText } from "../../model/issue.ts";
import { didYouMean, suggest } from "../suggest.ts";
import type { DesiredContext } from "../desired.ts";
import { objectName, objectNameHint } from "./engine-names.ts";
import { refuseValue } from "./refuse-value.ts";
import { type Fields, fieldsOf, flagOf, textOf } from "../desired/fields.ts";

const localOptions = ["device", "o", "size", "type"];

/** Holds volumes against what the Engine's own driver takes. */
export function checkVolumes(context: DesiredContext): void {
  const volumes = fieldsOf(context.project.model.volumes as Fields | undefined);
  for (const key of Object.keys(volumes).sort(compareText)) {
    const volume = fieldsOf(volumes[key]);
    if (flagOf(volume["external"])) continue;
    const path = `volumes.${key}`;
    const driver = textOf(volume["driver"]) ?? "local";
    if (driver === "local") checkLocal(volume, path, context);
    else if (suggest(driver, ["local"])) {
      refuseValue(context, { path: `${path}.driver`, found: driver, problem: "no driver", hint: "", known: ["local"] });
    }
  }
}

function checkLocal(volume: Fields, path: string, context: DesiredContext): void {
  const name = textOf(volume["name"]) ?? "";
  if (!objectName.test(name)) {
    const problem = "no name of a volume";
    refuseValue(context, { path: `${path}.name`, found: name, problem, hint: objectNameHint });
  }
  const options = fieldsOf(volume["driver_opts"]);
  for (const option of Object.keys(options)) {
    if (localOptions.includes(option)) continue;
    context.issues.error("COMPOSE_VALUE", `${path}.driver_opts.${option}`, {
      message: `${path}.driver_opts has the option "${option}", which the driver local does not know`,
      hint: didYouMean(option, localOptions) ?? "write type, o, device or size",
    });
  }
  const said = localOptions.filter((option) => option !== "size" && textOf(options[option]) !== undefined);
  const missing = ["type", "device"].filter((option) => !said.includes(option)).map((option) => `\`${option}\``);
  if (said.length === 0 || missing.length === 0) return;
  context.issues.error("COMPOSE_REQUIRED_KEY", `${path}.driver_opts`, {
    message: `${path}.driver_opts says what to mount, and has no ${missing.join(" and no ")}`,
    hint: "write `type` (none, nfs, tmpfs) and `device` (a path on the host, :/path of a server, tmpfs)",
  });
}
