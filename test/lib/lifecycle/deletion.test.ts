import { describe, expect, it } from 'vitest';
import {
  deletionPolicy,
  known,
  onDelete,
  onFailedCreate,
  remainsOfRemoved,
  remainsOfReplaced,
} from '../../../lib/lifecycle/deletion';
import { type ResourceDocument, TemplateResource } from '../../../lib/template/template-resource';
import { either, NO_VALUE, resource } from './rehearsal-fixture';

const PARAMETER = { Ref: 'Parameter' };
const made = (document: ResourceDocument) => new TemplateResource('Shop', 'It', document);
const table = (properties: object, policy?: unknown) =>
  made(resource('AWS::DynamoDB::Table', { ...properties }, policy === undefined ? {} : { DeletionPolicy: policy }));

describe('the deletion policy of what says none', () => {
  it.each([
    ['AWS::DynamoDB::Table', {}, 'Delete'],
    ['AWS::RDS::DBCluster', {}, 'Snapshot'],
    ['AWS::RDS::DBInstance', {}, 'Snapshot'],
    ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'c' }, 'Delete'],
  ])('%s with %j is %s', (type, properties, policy) => {
    expect(deletionPolicy(made(resource(type, properties)))).toBe(policy);
  });
});

describe('what happens to a resource', () => {
  const on = { DeletionProtectionEnabled: 'true' };
  it.each([
    ['by itself', table({}), 'deleted', 'deleted'],
    ['Delete', table({}, 'Delete'), 'deleted', 'deleted'],
    ['Snapshot', table({}, 'Snapshot'), 'deleted', 'deleted'],
    ['Retain', table({}, 'Retain'), 'kept', 'kept'],
    ['RetainExceptOnCreate', table({}, 'RetainExceptOnCreate'), 'kept', 'deleted'],
    ['Retain and protected', table(on, 'Retain'), 'kept', 'kept'],
    ['RetainExceptOnCreate and protected', table(on, 'RetainExceptOnCreate'), 'kept', 'refused'],
    ['protected', table(on), 'refused', 'refused'],
    ['protected by a switch', table({ DeletionProtectionEnabled: true }), 'refused', 'refused'],
    ['not protected', table({ DeletionProtectionEnabled: 'false' }), 'deleted', 'deleted'],
    ['protected by no value', table({ DeletionProtectionEnabled: NO_VALUE }), 'deleted', 'deleted'],
    ['a policy that is a parameter', table({}, PARAMETER), undefined, undefined],
    ['a policy that is a condition', table({}, either('Retain', 'Delete')), undefined, undefined],
    ['a protection that is a parameter', table({ DeletionProtectionEnabled: PARAMETER }), undefined, undefined],
    [
      'kept with a protection that is a parameter',
      table({ DeletionProtectionEnabled: PARAMETER }, 'Retain'),
      'kept',
      'kept',
    ],
  ])('%s', (_, it, deleted, failed) => {
    expect([known(onDelete, it), known(onFailedCreate, it)]).toEqual([deleted, failed]);
  });

  const balancer = (LoadBalancerAttributes: unknown) =>
    made(resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { LoadBalancerAttributes }));
  const attribute = (Value: unknown) => ({ Key: 'deletion_protection.enabled', Value });
  it.each([
    [[attribute('true')], 'refused'],
    [[attribute(true)], 'refused'],
    [[{ Key: 'idle_timeout.timeout_seconds', Value: 'true' }, attribute('false')], 'deleted'],
    [undefined, 'deleted'],
    [[attribute(PARAMETER)], undefined],
    [[either(attribute('true'), NO_VALUE)], undefined],
    [either([attribute('true')], []), undefined],
    [[null], 'deleted'],
  ])('a load balancer with %j is %s', (attributes, outcome) => {
    expect(known(onDelete, balancer(attributes))).toBe(outcome);
  });

  it('throws on what is no template', () => {
    const broken = () => {
      throw new TypeError('broken');
    };
    expect(() => known(broken, table({}))).toThrow('broken');
  });
});

describe('what stays', () => {
  it.each([
    ['AWS::DynamoDB::Table', undefined, 'nothing'],
    ['AWS::RDS::DBCluster', undefined, 'snapshot'],
    ['AWS::DynamoDB::Table', 'Retain', 'all'],
    ['AWS::DynamoDB::Table', 'RetainExceptOnCreate', 'all'],
    ['AWS::DynamoDB::Table', PARAMETER, undefined],
  ])('of a removed %s with %j: %s', (type, DeletionPolicy, remains) => {
    expect(remainsOfRemoved(made({ Type: type, DeletionPolicy }))).toBe(remains);
  });

  it.each([
    // Without UpdateReplacePolicy the old one goes, whatever DeletionPolicy says.
    [undefined, undefined, 'nothing'],
    ['Retain', 'Retain', 'all'],
    ['Snapshot', 'Snapshot', 'snapshot'],
    ['Delete', undefined, 'nothing'],
    ['Retain', 'Delete', undefined],
    [PARAMETER, PARAMETER, undefined],
  ])('of a replaced one with %j before and %j after: %s', (before, after, remains) => {
    const [old, now] = [before, after].map((UpdateReplacePolicy) =>
      made({ Type: 'AWS::RDS::DBCluster', DeletionPolicy: 'Retain', UpdateReplacePolicy }),
    );
    expect(old && now && remainsOfReplaced(old, now)).toBe(remains);
  });
});
