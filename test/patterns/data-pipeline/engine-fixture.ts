import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageName } from '../../../lib';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import type { ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { dataPipelineStack, testApp } from '../../synthesize';

/** What to synthesize, and how to run it. */
export interface RunOptions extends LocalEngineOptions {
  readonly stage?: StageName;
  readonly props?: ClickstreamPipelineProps;
}

/** Synthesizes the pattern as a user would, runs what came out, and cleans up after. */
export async function withDataPipeline<T>(options: RunOptions, use: (engine: LocalEngine) => Promise<T>): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-run-'));
  const app = testApp({ outdir });
  dataPipelineStack(app, options.stage ?? 'dev', options.props);
  app.synth();
  const engine = await LocalEngine.start(readStack(outdir, 'DataPipeline'), options);
  try {
    return await use(engine);
  } finally {
    await engine.stop();
    rmSync(outdir, { recursive: true, force: true });
  }
}
