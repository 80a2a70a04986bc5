import { ragVectorStorePrivate } from '../../../../../lib/checks/rules/ai-ml/rag-vector-store-private';
import { att, type Case, cases, join, type Literals, PARAMETER, role } from '../../literal-fixture';

const json = (type: string, Policy: unknown, more: object = {}): Literals => ({
  Policy: [type, { Policy: JSON.stringify(Policy), ...more }],
});
const network = (...entries: object[]) =>
  json('AWS::OpenSearchServerless::SecurityPolicy', entries, { Type: 'network' });
const shut = { AllowFromPublic: false, SourceServices: ['bedrock.amazonaws.com'] };

cases(ragVectorStorePrivate, network(shut), [
  ['compliant', 'Bedrock alone gets in'],
  ['compliant', 'an endpoint does', network({ AllowFromPublic: 'false', SourceVPCEs: ['vpce-1'] })],
  [
    'violation',
    'everyone does',
    network({ ...shut, AllowFromPublic: true }),
    'AllowFromPublic is true; allowed: false',
  ],
  ['violation', 'it does not say', network({ SourceServices: ['bedrock.amazonaws.com'] }), 'AllowFromPublic is true'],
  ['violation', 'one of two lets everyone in', network(shut, { AllowFromPublic: true }), 'AllowFromPublic is true'],
  ['violation', 'no one has access', network({ AllowFromPublic: false }), 'no one has access; allowed: SourceServices'],
  ['cannot-tell', 'a parameter says it', network({ AllowFromPublic: PARAMETER })],
  ['cannot-tell', 'a parameter is it', { 'Policy.Policy': PARAMETER }],
  ['not-applicable', 'it is about encryption', { 'Policy.Type': 'encryption' }],
]);

const data = (...Principal: unknown[]): Literals => ({
  ...json('AWS::OpenSearchServerless::AccessPolicy', [{ Principal }]),
  Role: role(),
});
const joined = (...parts: unknown[]): Literals => ({
  Policy: ['AWS::OpenSearchServerless::AccessPolicy', { Policy: join('[{"Principal":["', ...parts, '"]}]') }],
  Role: role(),
});
const reads = (who: string) => `${who} reads the collection; allowed: roles by name`;
cases(ragVectorStorePrivate, data('arn:aws:iam::111111111111:role/api'), [
  ['compliant', 'a role reads it'],
  ['compliant', 'a session does', data('arn:aws:sts::111111111111:assumed-role/api/me')],
  ['compliant', 'a role of the template does', joined(att('Role'))],
  ['compliant', 'a role of this account does', joined('arn:aws:iam::', PARAMETER, ':role/api')],
  ...[
    'arn:aws:iam::111111111111:root',
    'arn:aws:iam::111111111111:user/me',
    'arn:aws:iam::111111111111:role/*',
    'arn:aws:iam::111111111111:role/a?',
    '*',
    'saml/111111111111/okta/user/me',
  ].map((who): Case => ['violation', who, data(who), reads(who)]),
  [
    'violation',
    'the root of an account does',
    joined('arn:aws:iam::', PARAMETER, ':root'),
    reads('arn:aws:iam::...:root'),
  ],
  [
    'violation',
    'a user of an account does',
    joined('arn:aws:iam::', PARAMETER, ':user/me'),
    reads('arn:aws:iam::...:user/me'),
  ],
  [
    'violation',
    'all roles of an account do',
    joined('arn:aws:iam::', PARAMETER, ':role/*'),
    reads('arn:aws:iam::...:role/*'),
  ],
  ['violation', 'one of two is no role', data('arn:aws:iam::111111111111:role/api', '*'), reads('*')],
  ['cannot-tell', 'a parameter does', joined(PARAMETER)],
]);

const bucket = (statement: object, text = false): Literals => {
  const Policy = { Statement: [statement] };
  return { Policy: ['AWS::S3Vectors::VectorBucketPolicy', { Policy: text ? JSON.stringify(Policy) : Policy }] };
};
const all = 'everyone is let in; allowed: roles by name';
cases(ragVectorStorePrivate, bucket({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:role/api' } }), [
  ['compliant', 'a role gets in'],
  ['violation', 'everyone does', bucket({ Effect: 'Allow', Principal: '*' }), all],
  ['violation', 'every principal does', bucket({ Effect: 'Allow', Principal: { AWS: ['a', '*'] } }), all],
  ['violation', 'a text says so', bucket({ Effect: 'Allow', Principal: '*' }, true), all],
  ['compliant', 'a condition narrows that down', bucket({ Effect: 'Allow', Principal: '*', Condition: {} })],
  ['compliant', 'everyone is kept out', bucket({ Effect: 'Deny', Principal: '*' })],
  ['compliant', 'nobody is named', bucket({ Effect: 'Allow' })],
  ['cannot-tell', 'a parameter is it', { 'Policy.Policy': PARAMETER }],
]);
