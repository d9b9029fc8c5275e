import { baseline } from "../../policies/baseline/pack.ts";
import { mender } from "../../policies/mender/pack.ts";
import type { Pack, Policy } from "../../src/policy/policy.ts";
import { appliesTo } from "./_releases.ts";
import { generatedFrom, page, table } from "./markdown.ts";

const packs: readonly { readonly pack: Pack; readonly words: string }[] = [
  {
    pack: baseline,
    words: "What any production project should keep to. It is on unless the manifest names other packs.",
  },
  {
    pack: mender,
    words:
      `What a Mender Server in production needs: \`policies: { packs: [baseline, mender] }\`. The release is told by the
image tags, and where images of several releases run, by the oldest. Policies of single releases are passed over when no tag
tells the release, which \`mender-release\` warns of. What a policy asks may also differ by release; a finding says what is
needed.`,
  },
];

export function policiesPage(): string {
  return page(
    "# Policies",
    generatedFrom("the packs in policies/"),
    `A policy judges the desired state of a revision before anything is changed: the Compose model after interpolation and
merging, and facts of the opened keys (names, owners, modes, fields of certificates), never their bytes. Each finding names
the file and line that the operator wrote.`,
    table(["severity", "what a finding does"], [
      ["deny", "a new revision is held, and the applied one stays enforced; what is applied already is not stopped"],
      ["warn", "it is reported, and nothing else"],
      ["info", "it is noted, and nothing else"],
    ]),
    `\`holdfast check FOLDER\` judges a folder on disk with the same policies, for the CI of the deployment repository; what only
the opened bundle can tell is left to the agent.`,
    `A policy is waived in \`holdfast.yaml\`, for one service or for all, with a reason and a last day (UTC):

\`\`\`yaml
policies:
  packs: [baseline]
  waive:
    - { policy: memory-limit, service: web, until: 2027-12-31, reason: its load is being measured }
\`\`\`

What is waived stays in the report. A waiver that has ended, or that matches nothing, is warned of; one that ends within 14
days is noted.`,
    ...packs.flatMap(({ pack, words }) => [
      `## ${pack.name}`,
      words,
      table(
        ["id", "what is wanted", "severity", "applies to"],
        sorted(pack).map((
          policy,
        ) => [`[${policy.id}](#${anchor(policy)})`, policy.title, policy.severity, appliesTo(policy)]),
      ),
      ...sorted(pack).map(section),
    ]),
  );
}

function section(policy: Policy): string {
  return `### ${policy.id}

${policy.title}.

- Severity: ${policy.severity}. Applies to: ${appliesTo(policy)}.
- Why: ${policy.reason}.
- What to do: ${policy.remedy}.
- Source: ${policy.source}.`;
}

function sorted({ policies }: Pack): readonly Policy[] {
  return [...policies].sort((a, b) => a.id < b.id ? -1 : 1);
}

/** As Markdown renderers make it of the heading. */
function anchor({ id }: Policy): string {
  return id.toLowerCase();
}
