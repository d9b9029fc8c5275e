import type { Pack } from "../../src/policy/policy.ts";
import { m01 } from "./m01-placeholders.ts";
import { m02 } from "./m02-access-key.ts";
import { m03 } from "./m03-secret-key.ts";
import { m04 } from "./m04-storage-alias.ts";
import { m05 } from "./m05-storage-uri.ts";
import { m06 } from "./m06-bare-alias.ts";
import { m07 } from "./m07-certificate-names.ts";
import { m10 } from "./m10-storage-certificate.ts";
import { m12 } from "./m12-key-matches.ts";
import { m15 } from "./m15-certificate-validity.ts";
import { m16 } from "./m16-allowed-hosts.ts";
import { m17 } from "./m17-allowed-hosts-separator.ts";
import { m18 } from "./m18-storage-allowed.ts";
import { m19 } from "./m19-plain-hosts.ts";
import { m20 } from "./m20-signing-keys.ts";
import { m21 } from "./m21-signing-key-target.ts";
import { m22 } from "./m22-key-readable.ts";
import { m23 } from "./m23-demo-keys.ts";
import { m24 } from "./m24-keys-in-clear.ts";
import { m26 } from "./m26-data-targets.ts";
import { m27 } from "./m27-automigrate.ts";
import { m28 } from "./m28-device-limit.ts";
import { m29 } from "./m29-tenant-token.ts";
import { m32 } from "./m32-project-name.ts";
import { m33 } from "./m33-published-ports.ts";
import { m34 } from "./m34-log-rotation.ts";
import { m35 } from "./m35-bandwidth.ts";
import { m36 } from "./m36-one-release.ts";
import { m41 } from "./m41-restart.ts";
import { m45 } from "./m45-credential-length.ts";
import { m46 } from "./m46-demo-mail.ts";
import { release } from "./release.ts";

/** What a Mender Server in production needs, by release. */
export const mender: Pack = {
  name: "mender",
  policies: [
    m01,
    m02,
    m03,
    m04,
    m05,
    m06,
    m07,
    m10,
    m12,
    m15,
    m16,
    m17,
    m18,
    m19,
    m20,
    m21,
    m22,
    m23,
    m24,
    m26,
    m27,
    m28,
    m29,
    m32,
    m33,
    m34,
    m35,
    m36,
    m41,
    m45,
    m46,
    release,
  ],
};
