import { expect, it } from 'vitest';
import { Inventory } from '../../../../../lib/checks/inventory';
import { patternHasAlarms } from '../../../../../lib/checks/rules/infrastructure-as-code-and-closing-rules/pattern-has-alarms';
import { alarm, cases, ref } from '../../literal-fixture';

const two = { One: alarm('Mine', 'A'), Two: alarm('Mine', 'B') };
const says = '2 alarms watch this stack; allowed: at least 3 (errors, latency, backlog)';

for (const type of ['AWS::Lambda::Function', 'AWS::ECS::Service', 'AWS::RDS::DBCluster']) {
  cases(patternHasAlarms, { It: [type, {}], ...two, Three: alarm('Mine', 'C') }, [
    ['compliant', 'three alarms watch it'],
    ['violation', 'two do', { Three: undefined }, says],
    ['violation', 'none does', { One: undefined, Two: undefined, Three: undefined }, '0 alarms watch'],
  ]);
}
cases(patternHasAlarms, { Fn: ['AWS::Lambda::Function', { Handler: 'framework.onEvent' }] }, [
  ['not-applicable', 'CDK runs it'],
]);

it('counts alarms of another stack that watch something of this one', () => {
  const watching = (Value: unknown) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { Dimensions: [{ Name: 'a', Value }] },
  });
  const verdict = (Value: unknown) => {
    const Outputs = { Name: { Value: ref('It'), Export: { Name: 'name' } } };
    const mine = { Resources: { It: { Type: 'AWS::ECS::Service' } }, Outputs };
    const theirs = { Resources: { A: watching(Value), B: watching(Value), C: watching(Value) } };
    const inventory = new Inventory({ mine, theirs });
    return patternHasAlarms.check(inventory.resources[0] ?? expect.fail(), inventory);
  };
  expect(verdict({ 'Fn::ImportValue': 'name' })).toEqual({ kind: 'compliant' });
  expect(verdict('other')).toMatchObject({ findings: [expect.stringContaining('0 alarms')] });
});
