/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The canonical project: what `docker compose config --format json` prints for the same files. `config` prints it,
 * policies judge it, the config-hash label is made of it. Values that come from a key are already interpolated here:
 * it is never logged as a whole.
 */
export interface ComposeModel {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, { readonly [key: string]: Json }>>;
  readonly volumes?: Readonly<Record<string, { readonly [key: string]: Json }>>;
  readonly configs?: Readonly<Record<string, { readonly [key: string]: Json }>>;
  readonly secrets?: Readonly<Record<string, { readonly [key: string]: Json }>>;
  readonly [extension: string]: unknown;
}

/** One canonical service, in Compose's own keys. */
export interface ComposeService {
  readonly [key: string]: Json;
}
