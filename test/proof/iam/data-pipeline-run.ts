import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import { readStack, type SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { sleep } from '../../../local/clock/clock';
import { LocalEngine } from '../../../local/engine/local-engine';
import type { AlertRule, ClickstreamPipeline, ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { sendEvents } from '../../../patterns/data-pipeline/local/traffic';
import { dataPipelineStack, testApp } from '../../synthesize';

/** What to synthesize: props, and what is added to the pipeline afterwards. */
export interface PipelineVariant {
  /** @default - none */
  readonly props?: (app: App) => ClickstreamPipelineProps;
  readonly extend?: (pipeline: ClickstreamPipeline) => void;
}

/** A rule that the events of {@link recordPipeline} break. */
const ALERTS: readonly AlertRule[] = [{ name: 'rush', of: 'events', above: 50 }];

const TRAFFIC = { events: 300, burst: 20, poison: 4, seed: 1 } as const;
/** After it Firehose has delivered, and what came twice is counted. */
const AFTERWARDS = Duration.minutes(10);

/** The staging template as it would be deployed. */
export function resolvedPipeline(variant: PipelineVariant): Promise<ResolvedTemplate> {
  return synthesized(variant, async ({ template, deployment }) => new ResolvedTemplate(template, deployment));
}

/** Runs the pattern through every path that a handler has, batches that come twice among them, and records its calls. */
export function recordPipeline(
  variant: PipelineVariant = {},
): Promise<{ readonly template: ResolvedTemplate; readonly calls: readonly RecordedCall[] }> {
  return synthesized(variant, async (stack) => {
    const calls: RecordedCall[] = [];
    const engine = await LocalEngine.start(stack, {
      seed: TRAFFIC.seed,
      faults: { crashAfterEffect: 0.2 },
      onCall: (call) => {
        calls.push(call);
      },
    });
    try {
      await sendEvents(engine, TRAFFIC);
      await engine.during(sleep(engine.clock, AFTERWARDS.toMilliseconds()));
      return { template: engine.template, calls };
    } finally {
      await engine.stop();
    }
  });
}

/** Synthesizes the staging stack, hands it over, and cleans up after. */
export async function synthesized<T>(
  { props, extend }: PipelineVariant,
  use: (stack: SynthesizedStack) => Promise<T>,
): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-iam-'));
  try {
    const app = testApp({ outdir });
    const { pipeline } = dataPipelineStack(app, 'staging', { alerts: ALERTS, ...props?.(app) });
    extend?.(pipeline);
    app.synth();
    return await use(readStack(outdir, 'DataPipeline'));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
