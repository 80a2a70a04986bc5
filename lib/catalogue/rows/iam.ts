import type { CatalogueRow } from '../catalogue-row';

/** Security - IAM (guide 316-324). */
export const iamRows = [
  {
    id: 'iam-no-wildcards',
    guideLines: ['319'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: [],
    claim: 'Least privilege: specific actions and ARNs, not `*`.',
    condition:
      'no `Action: "*"`/`"svc:*"`, no bare `Resource: "*"` without condition (cdk-nag `AwsSolutions-IAM5`, findings acknowledged one by one)',
  },
  {
    id: 'iam-roles-not-users',
    guideLines: ['320', '510'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: [],
    claim: 'Roles for workloads; no IAM users.',
    condition: 'template holds no `AWS::IAM::User`/`AWS::IAM::AccessKey`',
  },
  {
    id: 'iam-no-static-keys',
    guideLines: ['324'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['refused at synth'],
    claim: 'No access keys in code or environment.',
    condition:
      'no string in the template or handler bundle matches `AKIA[0-9A-Z]{16}`; no env var named `AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY`',
  },
  {
    id: 'iam-deny-wins',
    guideLines: ['322'],
    tier: 3,
    derived: false,
    patterns: ['web-app', 'data-pipeline', 'genai-rag'],
    mechanisms: ['documented'],
    claim: 'Explicit deny beats every allow.',
    condition: 'used by bucket/queue Deny statements; order corrected in docs',
  },
  {
    id: 'iam-scp-guardrails',
    guideLines: ['321'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: ['documented'],
    claim: 'SCPs stop CloudTrail being turned off, unencrypted resources and stray regions.',
    condition: 'sample `AWS::Organizations::Policy`; account baseline',
    outside: 'no row; nearest Auth: AWS resources',
  },
] as const satisfies readonly CatalogueRow[];
