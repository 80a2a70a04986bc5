import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { MotoClient } from '../../../local/oracle/moto-client';
import { MotoClock } from '../../../local/oracle/moto-clock';
import { motoServices } from '../../../local/oracle/moto-services';
import { MotoWorld } from '../../../local/oracle/moto-world';
import { type EventDrivenResult, type EventDrivenRun, runEventDriven } from './run';

/** moto's account: the stack is pretended to be in it, so that ARNs are those that moto makes. */
const account = '123456789012';
/** Three minutes of visibility timeout become six seconds. */
const SHORTENING = 1 / 30;

/** Runs the pattern with what it keeps in moto in place of our stores. What moto does not measure fires no alarm. */
export async function runEventDrivenOnMoto(
  stack: SynthesizedStack,
  run: EventDrivenRun,
  endpoint: string,
): Promise<EventDrivenResult> {
  const deployment = { ...stack.deployment, account };
  const moto = new MotoClient(endpoint, deployment.region);
  const world = new MotoWorld(moto, SHORTENING);
  const clock = new MotoClock(world);
  try {
    const place = { world, services: motoServices(moto) };
    return await runEventDriven({ ...stack, deployment }, { ...run, clock, handlers: 'threads', place });
  } finally {
    clock.stop();
  }
}
