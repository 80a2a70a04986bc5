import { expect, it } from 'vitest';
import { runRulesOnTemplates } from '../../../lib/checks/run-rules';

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
