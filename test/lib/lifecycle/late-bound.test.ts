import { describe, expect, it } from 'vitest';
import { hasLateValue, rehearseReferences } from '../../../lib/lifecycle/late-bound';
import { join, ref } from '../checks/literal-fixture';
import { byCheck, either, indexOf, NO_VALUE, type Resources, resource } from './rehearsal-fixture';

const LATE = { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Id' } };
const STRONG = { 'Fn::ImportValue': 'Data:Id' };
const checks = (resources: Resources) => byCheck(rehearseReferences(indexOf(resources)));

describe('Fn::GetStackOutput (K11)', () => {
  it.each([
    ['where a change replaces', { UserPoolId: LATE }, { 'late-bound-replaces': ['It'] }],
    ['within a text', { UserPoolId: join('x-', LATE) }, { 'late-bound-replaces': ['It'] }],
    ['in a branch', { UserPoolId: either(LATE, NO_VALUE) }, { 'late-bound-replaces': ['It'] }],
    ['where a change does not replace', { ClientName: LATE }, {}],
    ['instead of a strong reference', { UserPoolId: STRONG }, {}],
    [
      'in Fn::Split',
      { ClientName: { 'Fn::Select': [1, { 'Fn::Split': ['/', LATE] }] } },
      { 'late-bound-split': ['It'] },
    ],
    ['beside Fn::Split', { ClientName: join({ 'Fn::Split': ['/', ref('X')] }, LATE) }, {}],
    ['a strong reference in Fn::Split', { ClientName: { 'Fn::Split': ['/', STRONG] } }, {}],
  ])('%s', (_, properties, expected) => {
    expect(checks({ It: resource('AWS::Cognito::UserPoolClient', properties) })).toEqual(expected);
  });

  it('may replace where a change may', () => {
    expect(checks({ It: resource('AWS::RDS::DBCluster', { Engine: LATE }) })).toEqual({
      'late-bound-may-replace': ['It'],
    });
    expect(checks({ It: resource('AWS::RDS::DBCluster', { Engine: LATE, DatabaseName: LATE }) })).toEqual({
      'late-bound-replaces': ['It'],
    });
  });

  it('is one finding for all, with each property once', () => {
    const client = resource('AWS::Cognito::UserPoolClient', { UserPoolId: LATE });
    const group = resource('AWS::ElasticLoadBalancingV2::TargetGroup', { VpcId: LATE });
    const [both] = rehearseReferences(indexOf({ A: client, B: client, C: group }));
    const [one] = rehearseReferences(indexOf({ A: client }));
    expect([both?.resources.length, both?.reason]).toEqual([3, expect.stringMatching(/^UserPoolId, VpcId come from /)]);
    expect(one?.reason).toMatch(/^UserPoolId comes from /);
  });

  it('says nothing of a type that is not known, or of what is broken', () => {
    expect(checks({ A: resource('Custom::X', { A: LATE }), B: { Type: 'AWS::SQS::Queue' } })).toEqual({});
  });

  it('is found however deep, and not by its name alone', () => {
    expect([LATE, [[{ a: LATE }]], { 'Fn::GetStackOutput': null }].map(hasLateValue)).toEqual([true, true, true]);
    expect([STRONG, 'Fn::GetStackOutput', null, undefined].map(hasLateValue)).toEqual([false, false, false, false]);
  });
});
