import { expect, it } from 'vitest';
import { mostExecutions } from '../../../lib/checks/execution-bound';
import {
  att,
  type Change,
  changed,
  inventoryOf,
  type Literal,
  type Literals,
  ref,
  resourceIn,
} from './literal-fixture';

const mapping = (MaximumConcurrency?: number): Literal => [
  'AWS::Lambda::EventSourceMapping',
  { FunctionName: ref('Fn'), ...(MaximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency } }) },
];
const base: Literals = { Fn: ['AWS::Lambda::Function', {}] };
const most = (change: Change) => {
  const inventory = inventoryOf(changed(base, change));
  return mostExecutions(resourceIn(inventory, 'Fn'), inventory);
};
const route = { Route: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: att('Fn') }] };
const topic = { Topic: ['AWS::SNS::Subscription', { Endpoint: att('Fn') }] };

it.each<[string, Change, number | undefined]>([
  ['nothing invokes it', {}, undefined],
  ['some are reserved', { 'Fn.ReservedConcurrentExecutions': 5 }, 5],
  ['none is let run', { 'Fn.ReservedConcurrentExecutions': 0 }, 0],
  ['some are reserved, whoever invokes it', { 'Fn.ReservedConcurrentExecutions': 5, A: mapping(2), ...route }, 5],
  ['one queue bounds it', { A: mapping(2) }, 2],
  ['two queues add up', { A: mapping(2), B: mapping(3) }, 5],
  ['one queue of two does not bound it', { A: mapping(2), B: mapping() }, undefined],
  ['the first of two does not', { A: mapping(), B: mapping(3) }, undefined],
  ['an API invokes it, too', { A: mapping(2), ...route }, undefined],
  ['a topic invokes it, too', { A: mapping(2), ...topic }, undefined],
])('when %s', (_, change, executions) => {
  expect(most(change)).toBe(executions);
});
