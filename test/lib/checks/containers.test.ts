import { expect, it } from 'vitest';
import {
  containersOf,
  isBehindLoadBalancer,
  policiesOf,
  scalableTargetOf,
  servicesOf,
  taskOf,
  trackedMetric,
  tracking,
} from '../../../lib/checks/containers';
import { CannotTell } from '../../../lib/template/template-resource';
import { PREDEFINED, scaled } from './ecs-fixture';
import { type Change, changed, inventoryOf, join, PARAMETER, ref, resourceIn } from './literal-fixture';

const read = (change: Change = {}) => {
  const inventory = inventoryOf(changed(scaled, change));
  return { inventory, of: (id: string) => resourceIn(inventory, id) };
};

it('finds containers, the services of a task and the task of a service', () => {
  const { inventory, of } = read({ Other: ['AWS::ECS::Service', { TaskDefinition: 'theirs' }] });
  expect(containersOf(of('Task')).map(({ Name }) => Name)).toEqual(['api']);
  expect(servicesOf(of('Task'), inventory)).toEqual([of('Service')]);
  expect(taskOf(of('Service'), inventory)).toBe(of('Task'));
  expect(() => taskOf(of('Other'), inventory)).toThrow(new CannotTell('the task definition is not in these templates'));
  expect([isBehindLoadBalancer(of('Service')), isBehindLoadBalancer(of('Other'))]).toEqual([true, false]);
});

const target = (change: Change) => {
  const { inventory, of } = read(change);
  return scalableTargetOf(of('Service'), inventory)?.logicalId;
};
it.each<[string, Change, string | undefined]>([
  ['by reference', {}, 'Target'],
  ['by its name', { 'Service.ServiceName': 'api', 'Target.ResourceId': 'service/cluster/api' }, 'Target'],
  [
    'by a name of parts',
    { 'Service.ServiceName': 'api', 'Target.ResourceId': join('service/', PARAMETER, '/api') },
    'Target',
  ],
  [
    'not by the end of a name',
    { 'Service.ServiceName': 'api', 'Target.ResourceId': 'service/cluster/my-api' },
    undefined,
  ],
  ['not by a parameter', { 'Service.ServiceName': PARAMETER, 'Target.ResourceId': 'service/cluster/api' }, undefined],
  ['not without a name', { 'Target.ResourceId': 'service/cluster/undefined' }, undefined],
])('finds what scales a service: %s', (_, change, found) => {
  expect(target(change)).toBe(found);
});

const policies = (change: Change) => {
  const { inventory, of } = read(change);
  return policiesOf(of('Target'), inventory).map(({ logicalId }) => logicalId);
};
it('finds the policies of a target, by reference or by the same resource', () => {
  const id = scaled['Target']?.[1] as { readonly ResourceId: unknown };
  expect(policies({})).toEqual(['Cpu', 'Requests']);
  expect(policies({ 'Cpu.ScalingTargetId': ref('Task') })).toEqual(['Requests']);
  expect(policies({ 'Cpu.ScalingTargetId': undefined, 'Cpu.ResourceId': id.ResourceId })).toEqual(['Cpu', 'Requests']);
  expect(policies({ 'Cpu.ScalingTargetId': undefined, 'Cpu.ResourceId': 'service/a/b' })).toEqual(['Requests']);
});

it('reads what a policy tracks', () => {
  const { of } = read();
  expect([
    trackedMetric(of('Cpu')),
    tracking(of('Cpu'), 'TargetValue'),
    tracking(of('Cpu'), 'ScaleOutCooldown'),
  ]).toEqual(['ECSServiceAverageCPUUtilization', 40, 60]);
  expect(trackedMetric(read({ [`Cpu.${PREDEFINED}`]: undefined }).of('Cpu'))).toBeUndefined();
});
