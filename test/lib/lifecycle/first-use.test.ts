import { describe, expect, it } from 'vitest';
import { rehearseFirstUse } from '../../../lib/lifecycle/first-use';
import { rehearse } from '../../../lib/lifecycle/rehearsal';
import { ids, indexOf, type Resources, resource, shop } from './rehearsal-fixture';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const findings = (resources: Resources) => [...rehearseFirstUse(indexOf(resources))];

describe('the first use of services in an account', () => {
  it('is one notice for all roles that AWS makes, with the commands that make them', () => {
    const [finding, ...more] = findings({
      Cluster: resource('AWS::ECS::Cluster'),
      Service: resource('AWS::ECS::Service'),
      Database: resource('AWS::RDS::DBCluster'),
      Queue: resource('AWS::SQS::Queue'),
    });
    expect(more).toEqual([]);
    expect(finding?.weight).toBe('notice');
    expect(ids(finding?.resources ?? [])).toEqual(['Cluster', 'Service', 'Database']);
    expect(finding?.reason).toContain('their service-linked roles (AWSServiceRoleForECS, AWSServiceRoleForRDS)');
    expect(finding?.fix).toMatch(/aws-service-name ecs\.amazonaws\.com; .*aws-service-name rds\.amazonaws\.com$/);
  });

  it('is nothing for what needs no such role', () => {
    expect(findings({ Queue: resource('AWS::SQS::Queue') })).toEqual([]);
  });

  it.each([
    ['ecs', ['ecs.application-autoscaling']],
    ['dynamodb', ['dynamodb.application-autoscaling']],
    ['kafka', []],
    [{ Ref: 'Namespace' }, ['ecs', 'dynamodb', 'lambda'].map((each) => `${each}.application-autoscaling`)],
  ])('of a scalable target of %j is the role of what it scales', (ServiceNamespace, services) => {
    const fix = findings({ Target: resource(TARGET, { ServiceNamespace }) })[0]?.fix ?? '';
    expect([...fix.matchAll(/aws-service-name (\S+)\.amazonaws\.com/g)].map(([, name]) => name)).toEqual(services);
  });

  it('is not of what is deployed already', () => {
    const Cluster = resource('AWS::ECS::Cluster');
    const after = indexOf({ Cluster, Database: resource('AWS::RDS::DBCluster') });
    const [finding] = rehearseFirstUse(after, indexOf({ Cluster }));
    expect(finding?.reason).toContain('(AWSServiceRoleForRDS)');
    expect([...rehearseFirstUse(after, after)]).toEqual([]);
  });

  it('is in the rehearsal', () => {
    const all = rehearse(shop({ Cluster: resource('AWS::ECS::Cluster') })).map(({ check }) => check);
    expect(all).toContain('first-use-of-a-service');
  });
});
