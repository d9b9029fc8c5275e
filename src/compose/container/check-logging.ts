import { suggest } from "../schema/suggest.ts";
import { parseBytes } from "../types/units.ts";
import { refuseValue, type ServiceAt } from "./_service-at.ts";
import { logDrivers } from "./engine-names.ts";
import { fieldsOf, textMapOf, textOf } from "./fields.ts";

/** Options of the driver json-file, and those that every driver has. */
const jsonFileOptions = [
  ...["compress", "env", "env-regex", "labels", "labels-regex", "max-file", "max-size", "tag"],
  ...["cache-compress", "cache-disabled", "cache-max-file", "cache-max-size", "max-buffer-size", "mode"],
];

/** Holds `logging` against the drivers that come with the Engine; a plugin has a name and options of its own. */
export function checkLogging({ context, service, path }: ServiceAt): void {
  const logging = fieldsOf(service["logging"]);
  const driver = textOf(logging["driver"]);
  if (driver !== undefined && !logDrivers.includes(driver) && suggest(driver, logDrivers)) {
    const where = `${path}.logging.driver`;
    refuseValue(context, { path: where, found: driver, problem: "no log driver", hint: "", known: logDrivers });
  }
  if (driver !== "json-file" && driver !== "local") return;
  for (const [name, found] of Object.entries(textMapOf(logging["options"]))) {
    const where = `${path}.logging.options.${name}`;
    if (driver === "json-file" && !jsonFileOptions.includes(name)) {
      const near = suggest(name, jsonFileOptions);
      context.issues.error("COMPOSE_VALUE", where, {
        message: `${path}.logging has the option "${name}", which the driver json-file does not know`,
        hint: near ? `did you mean "${near}"?` : `write one of ${jsonFileOptions.slice(0, 8).join(", ")}`,
      });
    } else if (name === "max-size" && found !== "-1" && parseBytes(found) === undefined) {
      refuseValue(context, { path: where, found, problem: "no size", hint: "write a size such as 10m" });
    } else if (name === "max-file" && !/^[1-9]\d*$/.test(found)) {
      refuseValue(context, { path: where, found, problem: "no number of files", hint: 'write a number such as "3"' });
    }
  }
}
