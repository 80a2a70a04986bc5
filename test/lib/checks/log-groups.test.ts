import { describe, expect, it } from 'vitest';
import { logGroupsOf } from '../../../lib/checks/log-groups';
import { inventoryOf, join, type Literals, placeholders, ref, resourceIn } from './literal-fixture';

const sub = (text: string) => ({ 'Fn::Sub': placeholders(text) });
/** The log groups of a function, with a group of a name beside it. */
function groups(LogGroupName: unknown, properties: object = {}, more: Literals = {}) {
  const literals: Literals = {
    Fn: ['AWS::Lambda::Function', properties],
    Other: ['AWS::Lambda::Function', { FunctionName: 'other' }],
    Group: ['AWS::Logs::LogGroup', { LogGroupName }],
    ...more,
  };
  const inventory = inventoryOf(literals);
  return logGroupsOf(resourceIn(inventory, 'Fn'), inventory).map(({ logicalId }) => logicalId);
}

describe('the log group of a function', () => {
  it.each([
    ['a Sub of the function', sub('/aws/lambda/#{Fn}'), {}],
    ['a Join of the function', join('/aws/lambda/', ref('Fn')), {}],
    ['its literal name', '/aws/lambda/orders', { FunctionName: 'orders' }],
    [
      'a name that is put together',
      sub('/aws/lambda/#{AWS::StackName}-orders'),
      { FunctionName: sub('#{AWS::StackName}-orders') },
    ],
    ['a parameter', sub('/aws/lambda/#{Name}'), { FunctionName: ref('Name') }],
  ])('is the one that has its name by %s', (_what, name, properties) => {
    expect(groups(name, properties)).toEqual(['Group']);
  });

  it.each([
    ['another function', sub('/aws/lambda/#{Other}'), {}],
    ['another name', '/aws/lambda/other', { FunctionName: 'orders' }],
    ['a name within the name', sub('/aws/lambda/#{Fn}-x'), {}],
    ['another service', sub('/aws/ecs/#{Fn}'), {}],
    ['no name', undefined, { FunctionName: 'orders' }],
  ])('is none that has %s', (_what, name, properties) => {
    expect(groups(name, properties)).toEqual([]);
  });

  it('is the one that it names, and no other', () => {
    const named = { LoggingConfig: { LogGroup: ref('Named') } };
    expect(groups(sub('/aws/lambda/#{Fn}'), named, { Named: ['AWS::Logs::LogGroup'] })).toEqual(['Named']);
    expect(groups(sub('/aws/lambda/#{Fn}'), { LoggingConfig: { LogGroup: 'elsewhere' } })).toEqual([]);
  });

  it('is kept by logRetention of the CDK', () => {
    const Retention = [
      'Custom::LogRetention',
      { LogGroupName: join('/aws/lambda/', ref('Fn')), RetentionInDays: 30 },
    ] as const;
    expect(groups(undefined, {}, { Retention })).toEqual(['Retention']);
    const Forever = ['Custom::LogRetention', { LogGroupName: join('/aws/lambda/', ref('Fn')) }] as const;
    expect(groups(undefined, {}, { Forever })).toEqual([]);
  });
});
