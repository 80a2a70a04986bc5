import { textOf, UNKNOWN } from '../../../template/literal-text';
import { listOf } from '../../../template/policy-statements';
import { policyText } from '../../../template/policy-text';
import { CannotTell, isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

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
  return verdict(open.map(() => 'everyone is let in; allowed: roles by name'));
}

export const ragVectorStorePrivate: Rule = {
  id: 'rag-vector-store-private',
  title: 'A vector store is closed to the internet, and only roles read it',
  why: 'Vectors are stored with the passages that they stand for. A network policy that lets the public in, or a data policy for everyone, opens your documents to strangers.',
  fix: 'Set AllowFromPublic to false with SourceServices ["bedrock.amazonaws.com"] or SourceVPCEs, and name roles by their ARN in data policies and bucket policies.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html',
  example: {
    fixed: {
      Network: {
        Type: 'AWS::OpenSearchServerless::SecurityPolicy',
        Properties: {
          Name: 'docs',
          Type: 'network',
          Policy:
            '[{"Rules":[{"ResourceType":"collection","Resource":["collection/docs"]}],"AllowFromPublic":false,"SourceServices":["bedrock.amazonaws.com"]}]',
        },
      },
      Data: {
        Type: 'AWS::OpenSearchServerless::AccessPolicy',
        Properties: {
          Name: 'docs',
          Type: 'data',
          Policy:
            '[{"Rules":[{"ResourceType":"index","Resource":["index/docs/*"],"Permission":["aoss:ReadDocument"]}],"Principal":["arn:aws:iam::111122223333:role/docs"]}]',
        },
      },
    },
    broken: [
      {
        'Network.Properties.Policy':
          '[{"Rules":[{"ResourceType":"collection","Resource":["collection/docs"]}],"AllowFromPublic":true}]',
      },
      {
        'Network.Properties.Policy':
          '[{"Rules":[{"ResourceType":"collection","Resource":["collection/docs"]}],"AllowFromPublic":false}]',
      },
      {
        'Data.Properties.Policy':
          '[{"Rules":[{"ResourceType":"index","Resource":["index/docs/*"],"Permission":["aoss:ReadDocument"]}],"Principal":["arn:aws:iam::111122223333:root"]}]',
      },
    ],
  },
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
