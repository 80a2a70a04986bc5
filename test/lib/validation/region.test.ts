import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import type { RegionalFeature } from '../../../lib/facts/regions';
import { handles } from '../../../lib/validation/explain';
import { RefusedValueError } from '../../../lib/validation/refuse';
import { checkRegion, REGION_HAS } from '../../../lib/validation/region';

const KNOWLEDGE = 'AWS::Bedrock::KnowledgeBase';

function stackIn(region: string | undefined, app = new App(), id = 'Mine') {
  const stack = new Stack(app, id, { env: { region } });
  return { app, stack };
}

function refusal(app: App): RefusedValueError | undefined {
  try {
    app.synth();
    return undefined;
  } catch (error) {
    if (error instanceof RefusedValueError) return error;
    throw error;
  }
}

/** In London alone. */
const TEA: RegionalFeature = { title: 'tea', isIn: (region) => region === 'eu-west-2', otherwise: 'bring coffee' };

describe('a stack in a region', () => {
  it('is refused once for all that the region lacks, with the nearest region that has it', () => {
    const { app, stack } = stackIn('us-west-1');
    checkRegion(stack);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    new CfnResource(stack, 'Two', { type: KNOWLEDGE });
    new CfnResource(stack, 'Source', { type: 'AWS::Bedrock::DataSource' });
    expect(refusal(app)?.message).toMatch(
      /^Mine: region is 'us-west-1'; allowed: a region that has what the stack uses; this one has no AWS::Bedrock::DataSource, AWS::Bedrock::KnowledgeBase\. Fix: deploy to us-west-2, the nearest region/,
    );
  });

  it('is not refused where the region has each type', () => {
    const { app, stack } = stackIn('us-west-2');
    checkRegion(stack);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)).toBeUndefined();
  });

  it.each([undefined, 'me-west-1'])('is not refused in %s, of which nothing is known', (region) => {
    const { app, stack } = stackIn(region);
    checkRegion(stack);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)).toBeUndefined();
  });

  it('counts what its nested stacks have, and not what another stack has', () => {
    const { app, stack } = stackIn('us-west-1');
    const nested = new NestedStack(stack, 'Nested');
    checkRegion(nested);
    new CfnResource(nested, 'One', { type: KNOWLEDGE });
    expect(refusal(app)?.constructPath).toBe('Mine');
    const other = stackIn('us-west-1');
    checkRegion(other.stack);
    new CfnResource(new Stack(other.stack, 'Child', { env: { region: 'us-west-2' } }), 'One', { type: KNOWLEDGE });
    expect(refusal(other.app)).toBeUndefined();
  });

  it('is checked where it has any block', () => {
    const { app, stack } = stackIn('us-west-1');
    handles(new Queue(stack, 'Queue'), 'sqs-long-polling');
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)).toBeDefined();
  });

  it('is believed about a type that AWS has added since', () => {
    const app = new App({ context: { [REGION_HAS]: `AWS::Bedrock::DataSource,${KNOWLEDGE}` } });
    const { stack } = stackIn('us-west-1', app);
    checkRegion(stack);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)).toBeUndefined();
  });
});

describe('the region that is named', () => {
  it('has what the other stacks of the region use, too', () => {
    const { app, stack } = stackIn('ap-east-2');
    checkRegion(stack);
    new CfnResource(stack, 'Proxy', { type: 'AWS::RDS::DBProxy' });
    expect(refusal(app)?.message).toMatch(/deploy to ap-east-1,/);
    const both = stackIn('ap-east-2');
    checkRegion(both.stack);
    new CfnResource(both.stack, 'Proxy', { type: 'AWS::RDS::DBProxy' });
    const other = stackIn('ap-east-2', both.app, 'Other');
    new CfnResource(other.stack, 'One', { type: KNOWLEDGE });
    expect(refusal(both.app)?.message).toMatch(/deploy to ap-northeast-2,/);
  });

  it('is none where the partition has none', () => {
    const { app, stack } = stackIn('cn-north-1');
    checkRegion(stack);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)?.message).toMatch(/no region of this one has all that the stack uses/);
  });
});

describe('a feature', () => {
  it('is refused with what else to do, once however often it is named', () => {
    const { app, stack } = stackIn('eu-west-1');
    checkRegion(stack, TEA);
    checkRegion(stack, TEA);
    expect(refusal(app)?.message).toMatch(/has no tea\. Fix: bring coffee, or deploy to eu-west-2, /);
    expect(refusal(app)?.message).not.toContain('cfn-lint');
  });

  it('is not refused where it is', () => {
    const { app, stack } = stackIn('eu-west-2');
    checkRegion(stack, TEA);
    expect(refusal(app)).toBeUndefined();
  });

  it('without a way out is no reason to refuse, and is in the region that is named', () => {
    const preferred = { title: 'tea', isIn: (region: string) => region === 'us-east-2' };
    const without = stackIn('us-west-1');
    checkRegion(without.stack, preferred);
    expect(refusal(without.app)).toBeUndefined();
    const { app, stack } = stackIn('us-west-1');
    checkRegion(stack, preferred);
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    expect(refusal(app)?.message).toMatch(/has no AWS::Bedrock::KnowledgeBase\. Fix: deploy to us-east-2,/);
  });

  it('does not keep a stack where its types are not', () => {
    const { app, stack } = stackIn('us-west-1');
    checkRegion(stack, { ...TEA, isIn: (region) => region === 'us-east-2' });
    new CfnResource(stack, 'One', { type: KNOWLEDGE });
    const message = refusal(app)?.message;
    expect(message).toMatch(/has no AWS::Bedrock::KnowledgeBase, tea\. Fix: deploy to us-east-2,/);
    expect(message).not.toContain('coffee');
  });
});
