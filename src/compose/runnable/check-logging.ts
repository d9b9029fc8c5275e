import { didYouMean, suggest } from "../suggest.ts";
import { parseGoBool } from "../types/truth.ts";
import { parseBytes } from "../types/units.ts";
import type { ServiceAt } from "./_service-at.ts";
import { refuseValue } from "./refuse-value.ts";
import { logDrivers } from "./engine-names.ts";
import { fieldsOf, textMapOf, textOf } from "../desired/fields.ts";

/** Options that every driver has. */
const commonOptions = [
  "cache-compress",
  "cache-disabled",
  "cache-max-file",
  "cache-max-size",
  "max-buffer-size",
  "mode",
];
const driverOptions: Readonly<Record<string, readonly string[]>> = {
  "json-file": ["compress", "env", "env-regex", "labels", "labels-regex", "max-file", "max-size", "tag"],
  local: ["compress", "max-file", "max-size"],
};

/** Holds `logging` against the drivers that come with the Engine; a plugin has a name and options of its own. */
export function checkLogging({ context, service, path }: ServiceAt): void {
  const logging = fieldsOf(service["logging"]);
  const driver = textOf(logging["driver"]);
  if (driver !== undefined && !logDrivers.includes(driver) && suggest(driver, logDrivers)) {
    const where = `${path}.logging.driver`;
    refuseValue(context, { path: where, found: driver, problem: "no log driver", hint: "", known: logDrivers });
  }
  if (driver === undefined || !Object.hasOwn(driverOptions, driver)) return;
  const own = driverOptions[driver]!;
  for (const [name, found] of Object.entries(textMapOf(logging["options"]))) {
    const where = `${path}.logging.options.${name}`;
    const refuse = (problem: string, hint: string): void => refuseValue(context, { path: where, found, problem, hint });
    if (![...own, ...commonOptions].includes(name)) {
      context.issues.error("COMPOSE_VALUE", where, {
        message: `${path}.logging has the option "${name}", which the driver ${driver} does not know`,
        hint: didYouMean(name, own) ?? `write one of ${own.join(", ")}`,
      });
    } else if (name === "max-size" && found !== "-1" && parseBytes(found) === undefined) {
      refuse("no size", "write a size such as 10m");
    } else if (name === "max-file" && !/^[1-9]\d*$/.test(found)) {
      refuse("no number of files", 'write a number such as "3"');
    } else if (name === "compress" && parseGoBool(found) === undefined) {
      refuse("neither true nor false", 'write "true" or "false"');
    }
  }
}
