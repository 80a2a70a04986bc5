import { type Inventory, listOf } from '../inventory';
import { textOf, UNKNOWN } from '../literal-text';
import { policyText } from '../policy-text';
import { notApplicable, type Rule, type Verdict, verdict } from '../rule';
import { CannotTell, isIntrinsic, type TemplateResource } from '../template-resource';

interface Access {
  readonly AllowFromPublic?: unknown;
  readonly SourceServices?: unknown;
  readonly SourceVPCEs?: unknown;
  readonly Principal?: unknown;
}

/** Who may come from where (AWS: OpenSearch Serverless, network access). */
function checkNetwork(policy: TemplateResource): Verdict {
  return verdict(
    (listOf(policyText(policy, 'Policy')) as Access[]).map(({ AllowFromPublic, SourceServices, SourceVPCEs }) => {
      if (isIntrinsic(AllowFromPublic)) throw new CannotTell('AllowFromPublic is known only at deployment');
      if (String(AllowFromPublic) !== 'false') return 'AllowFromPublic is true; allowed: false';
      const inside = [...listOf(SourceServices), ...listOf(SourceVPCEs)];
      return (
        inside.length === 0 && 'no one has access; allowed: SourceServices ["bedrock.amazonaws.com"], or SourceVPCEs'
      );
    }),
  );
}

/** Why someone that a data policy names is not a role, if so. */
function notARole(policy: TemplateResource, principal: unknown, inventory: Inventory): string | undefined {
  if (inventory.referent(policy, principal)?.type === 'AWS::IAM::Role') return undefined;
  const text = textOf(principal);
  if (/^arn:[^:]*:(iam|sts):[^:]*:[^:]*:(role|assumed-role)\/[^*?]+$/.test(text)) return undefined;
  if (text.includes(UNKNOWN) && !/[*?]|:root$|:user\//.test(text)) {
    throw new CannotTell('a principal is known only at deployment');
  }
  return `${text.replaceAll(UNKNOWN, '...')} reads the collection; allowed: roles by name`;
}

function checkData(policy: TemplateResource, inventory: Inventory): Verdict {
  const principals = (listOf(policyText(policy, 'Policy')) as Access[]).flatMap(({ Principal }) => listOf(Principal));
  return verdict(principals.map((principal) => notARole(policy, principal, inventory)));
}

function checkVectorBucket(policy: TemplateResource): Verdict {
  const document = policy.literal('Policy');
  const { Statement } = (typeof document === 'string' ? policyText(policy, 'Policy') : document) as {
    Statement?: unknown;
  };
  const open = (listOf(Statement) as Record<string, unknown>[]).filter(({ Effect, Principal, Condition }) => {
    const { AWS } = (Principal ?? {}) as { AWS?: unknown };
    return Effect === 'Allow' && Condition === undefined && (Principal === '*' || listOf(AWS).includes('*'));
  });
  return verdict(open.map(() => 'everybody is let in; allowed: roles by name'));
}

/** The vector collection must not be open to the internet. */
export const ragVectorStorePrivate: Rule = {
  id: 'rag-vector-store-private',
  types: [
    'AWS::OpenSearchServerless::SecurityPolicy',
    'AWS::OpenSearchServerless::AccessPolicy',
    'AWS::S3Vectors::VectorBucketPolicy',
  ],
  check: (policy, inventory) => {
    if (policy.type === 'AWS::S3Vectors::VectorBucketPolicy') return checkVectorBucket(policy);
    if (policy.type === 'AWS::OpenSearchServerless::AccessPolicy') return checkData(policy, inventory);
    return policy.literal('Type') === 'network' ? checkNetwork(policy) : notApplicable;
  },
};
