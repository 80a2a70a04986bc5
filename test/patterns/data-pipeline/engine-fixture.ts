import type { StageName } from '../../../lib';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import type { ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { stackOf } from '../../assemblies';

/** What to synthesize, and how to run it. */
export interface RunOptions extends LocalEngineOptions {
  readonly stage?: StageName;
  readonly props?: ClickstreamPipelineProps;
}

/** Runs the pattern as a user would synthesize it, and stops it after. */
export async function withDataPipeline<T>(options: RunOptions, use: (engine: LocalEngine) => Promise<T>): Promise<T> {
  const { stage, props } = options;
  const engine = await LocalEngine.start(await stackOf('DataPipeline', { stage, props }), options);
  try {
    return await use(engine);
  } finally {
    await engine.stop();
  }
}
