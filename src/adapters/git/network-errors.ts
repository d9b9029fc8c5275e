import { HoldfastError } from "../../model/error.ts";
import { escapeShort } from "../../model/escape.ts";
import { quoteShort } from "./text.ts";

/** What is known of a server's certificate when the connection fails. */
export interface PeerCertificate {
  readonly names: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A failure that time can end. `shown` names the repository, quoted, without credentials. */
export function unreachable(
  shown: string,
  found: string,
  more: { hint: string; retryAfterMs?: number; cause?: unknown },
): HoldfastError {
  return new HoldfastError("SOURCE_UNREACHABLE", `Cannot reach ${shown}: ${found}`, { retry: "backoff", ...more });
}

/** A stage that took longer than it may. */
export function timedOut(shown: string, stage: string, ms: number): HoldfastError {
  return unreachable(shown, `${stage} within ${ms / 1000} s`, {
    hint: "it is tried again; check the network and the load of the git server",
  });
}

/**
 * A failed connection in the reader's words.
 *
 * @param thrown what node:http or node:https gave
 */
export function networkError(
  thrown: unknown,
  at: { readonly shown: string; readonly host: string; readonly certificate?: PeerCertificate },
): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  const error = thrown as Partial<NodeJS.ErrnoException>;
  const code = String(error.code ?? "");
  const text = escapeShort(error.message ?? String(thrown), 500);
  const known = plainReasons[code];
  if (known) return unreachable(at.shown, known(at.host), { hint: networkHint, cause: thrown });
  const tls = certificateReason(code, text, at);
  if (tls) return unreachable(at.shown, tls.found, { hint: tls.hint, cause: thrown });
  return unreachable(at.shown, text || code || "the connection failed", { hint: networkHint, cause: thrown });
}

export const networkHint = "it is tried again; check the address, the network and whether the git server runs";

const plainReasons: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `nothing accepts connections at ${host} (ECONNREFUSED)`,
  ENOTFOUND: (host) => `the name of ${host} is not known (ENOTFOUND)`,
  EAI_AGAIN: (host) => `the name of ${host} could not be looked up now (EAI_AGAIN)`,
  ECONNRESET: () => "the connection was cut (ECONNRESET)",
  EPIPE: () => "the connection was cut (EPIPE)",
  ETIMEDOUT: (host) => `${host} does not answer (ETIMEDOUT)`,
  EHOSTUNREACH: (host) => `there is no route to ${host} (EHOSTUNREACH)`,
  ENETUNREACH: (host) => `there is no network to ${host} (ENETUNREACH)`,
};

function certificateReason(
  code: string,
  text: string,
  at: { readonly host: string; readonly certificate?: PeerCertificate },
): { found: string; hint: string } | undefined {
  const certificate = at.certificate;
  const names = certificate ? ` for ${quoteShort(certificate.names)}` : "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      found: `the certificate of ${at.host} is${names || " for another name"}, needed "${
        at.host.replace(/:\d+$/, "")
      }"`,
      hint: "use a name of the certificate in `repository`, or renew the certificate with the right names",
    };
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    const when = certificate ? `, valid from ${certificate.validFrom} to ${certificate.validTo}` : "";
    return {
      found: `the certificate of ${at.host} ${code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"}${when}`,
      hint: "renew the certificate, and check the clock of this host",
    };
  }
  if (
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|UNKNOWN_ISSUER)/.test(code) || /UnknownIssuer/i.test(text)
  ) {
    return {
      found: `the certificate of ${at.host}${names} is not signed by an authority that this host trusts (${
        code || text
      })`,
      hint: "put the authority's certificate into `credentials.caFile`",
    };
  }
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) {
    return {
      found: `TLS with ${at.host} failed (${code}: ${text.split("\n", 1)[0]})`,
      hint: "check that the address and port speak https",
    };
  }
  return undefined;
}
