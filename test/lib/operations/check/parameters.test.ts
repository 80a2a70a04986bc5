// @project unit
import { describe, expect, it } from 'vitest';
import { parameterProblems, parameterValues } from '../../../../lib/operations/check/parameters';
import { findTemplates } from '../../../../lib/template/read-templates';
import { queue, template, useCheck } from './check-fixture';

const check = useCheck();

describe('values of parameters', () => {
  it('are names with values, of which the last counts', () => {
    expect(parameterValues(['A=1', 'B=x=y', 'C=', 'A=2'])).toEqual({ A: '2', B: 'x=y', C: '' });
  });

  it.each([
    [
      'of the AWS CLI',
      [
        { ParameterKey: 'A', ParameterValue: 'x' },
        { ParameterKey: 'B', ParameterValue: 'y' },
      ],
    ],
    ['of aws cloudformation deploy', ['A=x', 'B=y']],
    ['of CodePipeline', { Parameters: { A: 'x', B: 'y' } }],
    ['of a map', { A: 'x', B: 'y' }],
  ])('are in a file %s', (_what, content) => {
    const file = check.file('values.json', content);
    expect(parameterValues([file])).toEqual({ A: 'x', B: 'y' });
    expect(parameterValues([`file://${file}`, 'B=z'])).toEqual({ A: 'x', B: 'z' });
  });

  it.each([
    [{ 'values.json': '[{]' }, 'values.json', /^values\.json has no parameters: .*; allowed: \[\{"ParameterKey"/],
    [{ 'values.json': '7' }, 'values.json', /it is no list and no map/],
    [{ 'values.json': '[{"ParameterValue": 1}]' }, 'values.json', /\{"ParameterValue":1\} has no ParameterKey/],
    [{ 'values.json': '[null]' }, 'values.json', /null has no ParameterKey/],
    [{}, 'missing.json', /^--parameters is missing\.json; allowed: Name=value, or a file of JSON that exists$/],
    [{}, 'Some-Name=1', /^--parameters is Some-Name=1; /],
  ])('are not in %j', (files, given, message) => {
    for (const [name, content] of Object.entries(files)) check.file(name, content);
    expect(() => parameterValues([given])).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(() => parameterValues([given])).toThrow(message);
  });

  it('are wrong for no template, or for a template that allows others', () => {
    const Parameters = { Count: { Type: 'Number', AllowedValues: [1, 2] }, Any: { Type: 'String' } };
    const set = findTemplates([check.file('shop.json', template({ A: queue() }, { Parameters }))]);
    expect(parameterProblems({ Count: '2', Any: 'x' }, set)).toEqual([]);
    expect(parameterProblems({ Count: '3', toString: 'x' }, set)).toEqual([
      'shop.json: Count is 3; allowed: 1, 2',
      'No template has the parameter toString',
    ]);
  });
});
