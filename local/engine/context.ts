import type { Deployment, ResolvedTemplate } from '../assembly/resolved-template';
import type { OnCall } from '../aws/wire';
import type { Clock } from '../clock/clock';
import type { LocalFunction } from '../lambda/local-function';
import type { LocalMetrics } from '../monitoring/metrics';
import type { LocalEventBus } from './event-bus';
import type { Faults } from './faults';
import type { Hops } from './hops';
import type { Stores } from './local-world';
import type { Random } from './random';
import type { LocalStateMachine } from './state-machine';
import type { World } from './world';

/** What the parts of a running stack share. */
export interface EngineContext {
  readonly deployment: Deployment;
  readonly template: ResolvedTemplate;
  readonly clock: Clock;
  readonly metrics: LocalMetrics;
  readonly hops: Hops;
  readonly faults: Faults;
  /** Our own stores; empty when the world is another. */
  readonly stores: Stores;
  readonly world: World;
  readonly onCall: OnCall;
  readonly newId: () => string;
  /** A source of chance of its own for each name. */
  readonly random: (name: string) => Random;
  readonly functionOf: (arn: string) => LocalFunction;
  readonly stateMachines: ReadonlyMap<string, LocalStateMachine>;
  bus?: LocalEventBus;
}
