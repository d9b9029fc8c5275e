import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { HoldfastError } from "../../model/error.ts";
import { quoteShort } from "./text.ts";

export type Repository =
  | { readonly kind: "http"; readonly url: URL; readonly shown: string }
  | { readonly kind: "folder"; readonly path: string; readonly shown: string };

/**
 * Where `repository` of agent.yaml points to. What is shown of it never holds credentials.
 *
 * @throws HoldfastError `CONFIG_INVALID` for credentials inside the address, `SOURCE_NOT_FOUND` for an address of another kind
 */
export function parseRepository(text: string): Repository {
  if (isAbsolute(text)) return { kind: "folder", path: text, shown: quoteShort(text) };
  const url = URL.parse(text);
  if (url && (url.username || url.password) && url.protocol !== "ssh:") throw credentialsInside(url);
  const shown = quoteShort(url ? `${url.protocol}//${url.host}${url.pathname}` : text.replace(/^.*@/s, ""));
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.search || url.hash) throw unknownAddress(shown, "it has a query or fragment");
    return { kind: "http", url, shown };
  }
  if (url?.protocol === "file:") {
    if (url.host !== "") throw unknownAddress(shown, `it names the host ${quoteShort(url.host)}`);
    return { kind: "folder", path: fileURLToPath(url), shown };
  }
  if (url?.protocol === "ssh:" || /^[^/]+:/.test(text)) {
    throw unknownAddress(
      shown,
      "this version of holdfast reads http, https and local paths, not ssh or other protocols",
    );
  }
  throw unknownAddress(shown, "it is neither an address nor an absolute path");
}

function credentialsInside(url: URL): HoldfastError {
  const shown = quoteShort(`${url.protocol}//${url.host}${url.pathname}`);
  return new HoldfastError("CONFIG_INVALID", `Cannot use repository ${shown}: its address holds credentials`, {
    retry: "operator",
    hint: "take them out of `repository` and put the token into a file named by `credentials.tokenFile`",
  });
}

function unknownAddress(shown: string, found: string): HoldfastError {
  return new HoldfastError("SOURCE_NOT_FOUND", `Cannot read repository ${shown}: ${found}`, {
    retry: "operator",
    hint: "give `repository` as https://HOST/PATH, http://HOST/PATH, file:///PATH or /PATH",
  });
}
