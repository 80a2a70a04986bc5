import { AspectPriority, Aspects, CfnResource, type IAspect, Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { addOwnAspect, applyAspectsOf } from '../../../lib/stage/apply-aspects';
import { testApp } from '../../synthesize';

/** Two stacks with a resource each, the second behind the first, and what an aspect visits in them. */
function twoStacks() {
  const app = testApp();
  const [first, second] = ['First', 'Second'].map((id) => {
    const stack = new Stack(app, id);
    new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' });
    return stack;
  }) as [Stack, Stack];
  const visited: string[] = [];
  const aspect: IAspect = { visit: ({ node }) => void visited.push(node.path) };
  return { app, first, second, visited, aspect };
}

it('applies what is applied to a stack to its counterpart, once, also what comes later', () => {
  const { app, first, second, visited, aspect } = twoStacks();
  applyAspectsOf(first, second);
  Aspects.of(first).add(aspect);
  app.synth();
  expect(visited.sort()).toEqual(['First', 'First/Topic', 'Second', 'Second/Topic']);
});

it('keeps the priorities', () => {
  const { app, first, second, visited } = twoStacks();
  applyAspectsOf(first, second);
  const note = (what: string): IAspect => ({ visit: ({ node }) => void visited.push(`${what} ${node.path}`) });
  Aspects.of(first).add(note('later'), { priority: AspectPriority.READONLY });
  Aspects.of(first).add(note('sooner'), { priority: AspectPriority.MUTATING });
  app.synth();
  expect(visited.filter((each) => each.endsWith('Second/Topic'))).toEqual([
    'sooner Second/Topic',
    'later Second/Topic',
  ]);
});

it('leaves the aspects of blocks where they are', () => {
  const { app, first, second, visited, aspect } = twoStacks();
  applyAspectsOf(first, second);
  addOwnAspect(first, aspect, AspectPriority.MUTATING);
  app.synth();
  expect(visited.sort()).toEqual(['First', 'First/Topic']);
});
