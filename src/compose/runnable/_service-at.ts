import type { ComposeService } from "../../model/compose.ts";
import type { DesiredContext } from "../desired.ts";

/** One service that is held against what the Engine can run. */
export interface ServiceAt {
  readonly context: DesiredContext;
  readonly service: ComposeService;
  readonly key: string;
  /** In the model: `services.KEY`. */
  readonly path: string;
}
