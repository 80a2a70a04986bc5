import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { letUseKey } from '../../../lib/security/key-policy';
import { ClickstreamPipeline } from '../../../patterns/data-pipeline';
import { EventDrivenShop } from '../../../patterns/event-driven';
import { GenAiRag } from '../../../patterns/genai-rag';
import { WebApp } from '../../../patterns/web-app';
import { resourcesOf, testApp } from '../../synthesize';

interface Statement extends Record<string, unknown> {
  readonly Sid?: string;
}

const REGION = 'us-east-1';
const alarmEmail = 'ops@example.com';
const KEY_ARN = `arn:aws:kms:${REGION}:111111111111:key/mine`;

const PATTERNS: Readonly<Record<string, (stack: Stack, encryptionKey?: IKey) => void>> = {
  'event-driven': (stack, encryptionKey) =>
    new EventDrivenShop(stack, 'App', { alarmEmail, existing: { encryptionKey } }),
  'data-pipeline': (stack, encryptionKey) =>
    new ClickstreamPipeline(stack, 'App', { alarmEmail, existing: { encryptionKey } }),
  'genai-rag': (stack, encryptionKey) => new GenAiRag(stack, 'App', { alarmEmail, existing: { encryptionKey } }),
  'web-app': (stack, encryptionKey) => new WebApp(stack, 'App', { alarmEmail, existing: { encryptionKey } }),
};

function stackIn(app: App): Stack {
  return new Stack(app, 'Mine', { env: { account: '111111111111', region: REGION } });
}

/** The statements that the warnings below a construct ask for. */
function askedFor(scope: IConstruct): readonly Statement[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type, data }) => type === 'aws:cdk:warning' && String(data).includes('policy of the imported key'))
      .flatMap(({ data }) => [...String(data).matchAll(/^(\{.*\}),?(?: \[ack.*)?$/gm)])
      .map(([, statement = '']) => JSON.parse(statement) as Statement),
  );
}

/** The statements of a key that the pattern made itself, but for the account's own. */
function ownStatements(stack: Stack): readonly Statement[] {
  const keys = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::KMS::Key'));
  return keys
    .flatMap(({ Properties }) => (Properties['KeyPolicy'] as { readonly Statement: readonly Statement[] }).Statement)
    .filter(({ Sid }) => Sid !== undefined);
}

describe.each(Object.entries(PATTERNS))('a key of yours in %s', (_, build) => {
  it('is asked for every statement that a key of the pattern has', () => {
    const [own, imported] = [stackIn(testApp()), stackIn(testApp())];
    build(own);
    build(imported, Key.fromKeyArn(imported, 'Key', KEY_ARN));
    const wanted = ownStatements(own);
    expect(wanted.length).toBeGreaterThanOrEqual(4);
    const sorted = (statements: readonly Statement[]) =>
      [...statements].sort((one, other) => String(one.Sid).localeCompare(String(other.Sid)));
    const asked = askedFor(imported);
    const shapes = (statements: readonly Statement[]) =>
      sorted(statements).map(({ Sid, Action, Resource, Effect, Condition }) => {
        const conditions = Object.entries((Condition ?? {}) as Readonly<Record<string, object>>);
        return { Sid, Action, Resource, Effect, conditions: conditions.map(([test, of]) => [test, Object.keys(of)]) };
      });
    expect(shapes(asked)).toEqual(shapes(wanted));
    // What the deployment alone knows is in angle brackets; nothing is left that KMS would not take.
    expect(JSON.stringify(asked)).not.toMatch(/Fn::|"Ref"|Token/);
  });
});

it('asks for nothing where the policy can be changed', () => {
  const stack = stackIn(testApp());
  const key = new Key(stack, 'Key');
  const statement = new PolicyStatement({
    sid: 'Read',
    principals: [new ServicePrincipal('sns.amazonaws.com')],
    actions: ['kms:Decrypt'],
    resources: ['*'],
  });
  letUseKey(stack, key, [statement], 'it fails');
  expect(askedFor(stack)).toEqual([]);
  expect(ownStatements(stack)).toMatchObject([{ Sid: 'Read' }]);
});

it('says what happens without them, and names what only the deployment knows', () => {
  const stack = new Stack(testApp(), 'Mine');
  const statement = new PolicyStatement({
    sid: 'Read',
    principals: [new ServicePrincipal('sns.amazonaws.com')],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'sns', resource: '*' }) } },
  });
  letUseKey(stack, Key.fromKeyArn(stack, 'Key', KEY_ARN), [statement], 'topics stay silent');
  const [warning] = stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
  expect(warning?.data).toContain('Add these statements to it, or topics stay silent');
  expect(askedFor(stack)).toMatchObject([
    { Condition: { ArnLike: { 'aws:SourceArn': 'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:*' } } },
  ]);
});
