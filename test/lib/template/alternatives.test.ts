import { describe, expect, it } from 'vitest';
import { alternativesOf } from '../../../lib/template/alternatives';
import type { DecidingOptions } from '../../../lib/template/decided-template';
import type { TemplateDocument } from '../../../lib/template/template-resource';
import { ref } from '../checks/literal-fixture';

const equals = (parameter: string, value: string) => ({ 'Fn::Equals': [ref(parameter), value] });
const stage = (...AllowedValues: unknown[]) => ({ Type: 'String', AllowedValues });
const a = (Condition: string) => ({ A: { Type: 'X', Condition } });

/** What each way says of itself, and the resources that there are then. */
function ways(template: object, options: DecidingOptions = {}) {
  return alternativesOf({ Mine: template as TemplateDocument }, options).map(
    ({ templates, parameters, conditions }) => [
      [...parameters, ...conditions].join(', '),
      Object.keys(templates['Mine']?.Resources ?? {}).join(),
    ],
  );
}

describe('the ways in which a stack may be deployed', () => {
  const Conditions = { IsProd: equals('Stage', 'prod'), HasDomain: { 'Fn::Not': [equals('Domain', '')] } };
  const Parameters = { Stage: stage('dev', 'prod'), Domain: { Type: 'String' } };

  it('are one for each value that a parameter without a default allows', () => {
    expect(ways({ Parameters, Conditions, Resources: a('IsProd') })).toEqual([
      ['Stage is dev', ''],
      ['Stage is prod', 'A'],
    ]);
  });

  it('are one where the value is given, or is the default', () => {
    const template = { Parameters, Conditions, Resources: a('IsProd') };
    expect(ways(template, { known: () => ({ parameters: { Stage: 'prod' } }) })).toEqual([['', 'A']]);
    const Stage = { ...Parameters.Stage, Default: 'dev' };
    expect(ways({ ...template, Parameters: { Stage } })).toEqual([['', '']]);
  });

  it('are two for a condition that depends on something else, and none for one that nothing uses', () => {
    const template = { Parameters: { Domain: Parameters.Domain }, Conditions, Resources: a('HasDomain') };
    expect(ways(template)).toEqual([
      ['HasDomain holds', 'A'],
      ['HasDomain does not hold', ''],
    ]);
    expect(
      ways({ ...template, Resources: { A: { Type: 'AWS::CDK::Metadata', Condition: 'HasDomain' } } }),
    ).toHaveLength(1);
    expect(ways({ ...template, Resources: { A: { Type: 'X' } } })).toHaveLength(1);
  });

  it('follow conditions that are made of others', () => {
    const NoDomain = { 'Fn::Not': [{ Condition: 'HasDomain' }] };
    expect(ways({ Parameters, Conditions: { NoDomain, ...Conditions }, Resources: a('NoDomain') })).toEqual(
      ['dev', 'prod'].flatMap((name) => [
        [`Stage is ${name}, HasDomain holds`, ''],
        [`Stage is ${name}, HasDomain does not hold`, 'A'],
      ]),
    );
    const circle = { One: { 'Fn::Not': [{ Condition: 'Two' }] }, Two: { 'Fn::Not': [{ Condition: 'One' }] } };
    expect(ways({ Conditions: circle, Resources: a('One') })).toHaveLength(2);
  });

  it('are eight at most', () => {
    const allowed = (count: number) => stage(...Array.from({ length: count }, (_, index) => String(index)));
    const eight = { Parameters: { Stage: allowed(8) }, Resources: { A: { Type: 'X' } } };
    expect(ways(eight)).toHaveLength(8);
    expect(ways({ ...eight, Parameters: { Stage: allowed(9) } })).toEqual([['', 'A']]);
    expect(ways({ ...eight, Parameters: { Other: allowed(5), Stage: allowed(3) } })).toHaveLength(3);
  });

  it('leave out what is no text, what is stored elsewhere, and what the stack around gives', () => {
    for (const Type of ['CommaDelimitedList', 'AWS::SSM::Parameter::Value<String>']) {
      expect(ways({ Parameters: { Stage: { ...Parameters.Stage, Type } }, Resources: {} }), Type).toHaveLength(1);
    }
    const nested = new Map([['Mine', { parent: 'Around', logicalId: 'Nested' }]]);
    expect(ways({ Parameters, Conditions, Resources: {} }, { nested })).toHaveLength(1);
  });
});
