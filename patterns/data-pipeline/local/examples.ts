import type { LocalEngine } from '../../../local/engine/local-engine';
import type { TryoutPlace } from '../../../local/scenarios/tryout-place';
import type { ClickstreamEvent } from '../clickstream-schema';
import { EVENTS_PATH } from '../contract';
import { liveTotals } from './report';

/** Commands to try the pattern with. */
export function dataPipelineExamples({ api, now, environment }: TryoutPlace): readonly string[] {
  const load = `# a shop's visitors, straight to the stream\n${environment} npx groundplan load data-pipeline --rate 50 --duration 10s --yes`;
  if (api === undefined) return [load];
  const event: ClickstreamEvent = {
    event_id: 'e-1',
    event_type: 'purchase',
    occurred_at: new Date(now).toISOString(),
    session_id: 's-1',
    page: '/checkout',
    amount_cents: 1990,
  };
  const post = (data: string) =>
    `curl -s ${api.url}${EVENTS_PATH} ${api.flags} -H 'content-type: application/json' -d '${data}'`;
  return [
    `# an event\n${post(JSON.stringify(event))}`,
    `# no event: refused with a code and the field at fault\n${post(JSON.stringify({ ...event, amount_cents: -1 }))}`,
    load,
  ];
}

/** Prints the live totals and the lake's files as they change. @returns how to end it */
export function watchDataPipeline(engine: LocalEngine, say: (text: string) => void): () => void {
  const told = new Set<string>();
  let files = 0;
  const look = async () => {
    for (const [minute, totals] of await liveTotals(engine)) {
      const line = `totals         ${minute.replace('T', ' ')}: ${totals.get('events')} events, ${totals.get('purchase')} purchases`;
      if (!told.has(line)) say(line);
      told.add(line);
    }
    const bucket = engine.find('AWS::S3::Bucket', 'ClickstreamLake').name;
    const keys = engine.stores.s3.keys(bucket);
    for (const key of keys.slice(files)) say(`lake           ${key}`);
    files = keys.length;
  };
  const ticker = setInterval(() => void look(), 500);
  return () => clearInterval(ticker);
}
