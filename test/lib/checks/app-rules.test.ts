import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { constructPaths, runRules, stackNames } from '../../../lib/checks/app-rules';

it('knows the stacks of an app, and their resources by path', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stage = new Stage(app, 'Prod');
  const stack = new Stack(stage, 'Shop', { stackName: 'prod-shop' });
  new CfnResource(stack, 'Jobs', { type: 'AWS::SQS::Queue' });
  expect([...stackNames(app)]).toEqual([['prod-shop', stack.artifactId]]);
  expect([...constructPaths(app)]).toEqual([[`${stack.artifactId}/Jobs`, 'Prod/Shop/Jobs']]);
  const [finding] = runRules(stage);
  expect(finding?.resource.path).toBe('Prod/Shop/Jobs');
  expect(
    runRules(stage, { strict: false }).flatMap(({ id, verdict }) => (id === 'sqs-long-polling' ? [verdict.kind] : [])),
  ).toEqual(['violation']);
});
