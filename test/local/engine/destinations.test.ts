import { expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/service';
import type { EngineContext } from '../../../local/engine/context';
import { Destinations } from '../../../local/engine/destinations';
import type { BusEvent } from '../../../local/engine/event-bus';
import { EngineFixture } from './engine-fixture';
import { MachineFixture } from './workflow/state-machine-fixture';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:work';
const MACHINE = 'arn:machine';

it('counts an event as lost that its destination refuses', async () => {
  const fixture = new EngineFixture();
  const queue = fixture.queue('failures');
  const fn = fixture.fn(() => {
    throw new Error('broken');
  });
  const config = {
    FunctionName: FUNCTION,
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: queue.arn } },
  };
  const destinations = new Destinations({
    ...fixture,
    functionOf: () => fn,
    template: {
      byArn: () => ({ name: 'work', arn: FUNCTION, properties: {} }),
      ofType: () => [{ properties: config }],
    },
    world: { send: async (arn: string, message: { body: string }) => fixture.sqs.queue(arn).send(message) },
  } as unknown as EngineContext);
  destinations.invoke(FUNCTION, { note: 'fine' });
  destinations.invoke(FUNCTION, { note: 'no\u{ffff}good' });
  await fixture.clock.settle();
  expect(destinations.lost).toEqual([{ note: 'no\u{ffff}good' }]);
  expect([queue.depth().visible, fixture.metrics.total('DestinationDeliveryFailures')]).toEqual([1, 1]);
});

it('starts executions, counts how they end, and hands back what StartExecution refuses', async () => {
  const Pause = { Type: 'Wait', Seconds: '{% $states.input.seconds %}', End: true };
  const { machine, clock } = new MachineFixture({ TimeoutSeconds: 60, States: { Pause } });
  const fixture = new EngineFixture();
  const destinations = new Destinations({
    clock,
    faults: {},
    hops: fixture.hops,
    metrics: fixture.metrics,
    stateMachines: new Map([[MACHINE, machine]]),
  } as unknown as EngineContext);
  const start = (id: string, input: unknown) => destinations.fromBus(MACHINE, input, { id } as BusEvent);
  await start('one', { seconds: 59 });
  await start('two', { seconds: 61 });
  await start('three', {});
  await start('one', { seconds: 1 });
  await clock.settle();
  const counts = ['ExecutionsSucceeded', 'ExecutionsTimedOut', 'ExecutionsFailed'].map((name) =>
    fixture.metrics.total(name),
  );
  expect(counts).toEqual([1, 1, 1]);
  await expect(start('four', 'x'.repeat(262_144))).rejects.toBeInstanceOf(AwsError);
});
