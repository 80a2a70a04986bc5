import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { renewWithReferences } from '../../../lib/compute/version-identity';

const env = { account: '111111111111', region: 'eu-west-1' };

/** The logical id of a function's version whose environment has a value that something gives. */
function versionOf(valueFrom: (stack: Stack, app: App) => string | undefined): string {
  const app = new App({ context: cdkJson.context });
  const stack = new Stack(app, 'Stack', { env });
  const value = valueFrom(stack, app);
  const fn = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
    ...(value !== undefined && { environment: { VALUE: value } }),
  });
  renewWithReferences(fn);
  const { logicalId } = fn.currentVersion.node.defaultChild as CfnResource;
  app.synth();
  return String(stack.resolve(logicalId));
}

const knowledgeBase = (stack: Stack, vectorBucket: string, description = 'Documents') =>
  new CfnKnowledgeBase(stack, 'Knowledge', {
    name: 'knowledge',
    description,
    roleArn: 'arn:aws:iam::111111111111:role/knowledge',
    knowledgeBaseConfiguration: { type: 'VECTOR' },
    storageConfiguration: { type: 'S3_VECTORS', s3VectorsConfiguration: { vectorBucketArn: vectorBucket } },
  }).ref;

describe('a version', () => {
  it('is another one when what its environment names is replaced', () => {
    expect(versionOf((stack) => knowledgeBase(stack, 'one'))).not.toBe(
      versionOf((stack) => knowledgeBase(stack, 'two')),
    );
  });

  it('stays when what its environment names changes without a replacement', () => {
    expect(versionOf((stack) => knowledgeBase(stack, 'one'))).toBe(
      versionOf((stack) => knowledgeBase(stack, 'one', 'Other words')),
    );
  });

  it('is another one when something further away is replaced, which replaces what its environment names', () => {
    const through = (stack: Stack, name: string) =>
      knowledgeBase(stack, new CfnStream(stack, 'Stream', { name, shardCount: 1 }).attrArn);
    expect(versionOf((stack) => through(stack, 'one'))).not.toBe(versionOf((stack) => through(stack, 'two')));
  });

  it('is another one when a resource of another stack is replaced', () => {
    const elsewhere = (app: App, name: string) =>
      new CfnStream(new Stack(app, 'Other', { env }), 'Stream', { name, shardCount: 1 }).attrArn;
    expect(versionOf((_, app) => elsewhere(app, 'one'))).not.toBe(versionOf((_, app) => elsewhere(app, 'two')));
  });

  it('is the one that the CDK makes where nothing is named, or nothing that can be replaced by a property', () => {
    expect(versionOf(() => undefined)).toBe(versionOf(() => undefined));
    expect(versionOf(() => 'plain')).not.toBe(versionOf(() => 'other'));
    const custom = (stack: Stack, type: string) => new CfnResource(stack, 'Mine', { type }).ref;
    expect(versionOf((stack) => custom(stack, 'Custom::One'))).toBe(versionOf((stack) => custom(stack, 'Custom::Two')));
  });
});
