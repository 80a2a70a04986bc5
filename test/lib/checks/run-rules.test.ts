import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { constructPaths, runRules, runRulesOnTemplates, stackNames } from '../../../lib/checks/run-rules';

const queue = { Type: 'AWS::SQS::Queue', Properties: {} };
const ids = (found: readonly { readonly id: string; readonly verdict: { readonly kind: string } }[], wanted: string) =>
  found.flatMap(({ id, verdict }) => (id === wanted ? [verdict.kind] : []));

it('runs each rule on the resources of its types, and leaves out what does not apply', () => {
  const found = runRulesOnTemplates({ Mine: { Resources: { Jobs: queue, It: { Type: 'A::B::C' } } } });
  expect(new Set(found.map(({ resource }) => resource.logicalId))).toEqual(new Set(['Jobs']));
  expect(ids(found, 'sqs-long-polling')).toEqual(['violation']);
  expect(ids(found, 'lambda-dlq-not-empty-alarm')).toEqual([]);
  expect(found.map(({ verdict }) => String(verdict.kind))).not.toContain('not-applicable');
});

it('judges as production unless told otherwise', () => {
  const Resources = {
    Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
  };
  const logs = (strict?: boolean) =>
    ids(runRulesOnTemplates({ Mine: { Resources } }, strict === undefined ? {} : { strict }), 'logs-everywhere');
  expect([logs(), logs(true), logs(false)]).toEqual([['violation'], ['violation'], []]);
});

it('knows the stacks of an app, and their resources by path', () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stage = new Stage(app, 'Prod');
  const stack = new Stack(stage, 'Shop', { stackName: 'prod-shop' });
  new CfnResource(stack, 'Jobs', { type: 'AWS::SQS::Queue' });
  expect([...stackNames(app)]).toEqual([['prod-shop', stack.artifactId]]);
  expect([...constructPaths(app)]).toEqual([[`${stack.artifactId}/Jobs`, 'Prod/Shop/Jobs']]);
  const [finding] = runRules(stage);
  expect(finding?.resource.path).toBe('Prod/Shop/Jobs');
  expect(ids(runRules(stage, { strict: false }), 'sqs-long-polling')).toEqual(['violation']);
});
