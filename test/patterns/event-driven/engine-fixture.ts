import type { StageName } from '../../../lib';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import type { EventDrivenShopProps } from '../../../patterns/event-driven';
import { stackOf } from '../../assemblies';

/** What to synthesize, and how to run it. */
export interface RunOptions extends LocalEngineOptions {
  readonly stage?: StageName;
  readonly props?: EventDrivenShopProps;
  /** Name of the stack in AWS. @default EventDriven */
  readonly stackName?: string;
}

/** Runs the pattern as a user would synthesize it, and stops it after. */
export async function withEventDriven<T>(options: RunOptions, use: (engine: LocalEngine) => Promise<T>): Promise<T> {
  const { stage, props, stackName } = options;
  const engine = await LocalEngine.start(await stackOf('EventDriven', { stage, props, stackName }), options);
  try {
    return await use(engine);
  } finally {
    await engine.stop();
  }
}
