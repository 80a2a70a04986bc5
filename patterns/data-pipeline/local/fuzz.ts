import fc from 'fast-check';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import type { ApiAnswer } from '../../../local/engine/api-integrations';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { newActors } from '../../../local/fuzz/actors';
import { jsonText, nastyJson, nastyText } from '../../../local/fuzz/nasty';
import { apiRequest, type FuzzRequest, parsed } from '../../../local/fuzz/request';
import type { Actor, Session } from '../../../local/fuzz/session';
import type { DocumentedRoute, FuzzPlace, FuzzTarget, Operation } from '../../../local/fuzz/target';
import { EVENT_TYPES } from '../clickstream-schema';
import { EVENTS_PATH } from '../contract';

const ROUTES: readonly DocumentedRoute[] = [
  { method: 'POST', path: /^\/events$/, statuses: [200, 400, 401, 413, 415] },
];

/** Text that an event may have: also what objects have by themselves. */
const text = fc.constantFrom('s-1', '/', 'a', '__proto__', 'constructor', 'x'.repeat(200), 'a\u{1f600}é');

const event = fc.record({
  event_id: fc.uuid(),
  event_type: fc.constantFrom(...EVENT_TYPES),
  occurred_at: fc.constantFrom('2026-01-01T00:00:00Z', '2025-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z'),
  session_id: text,
  page: text,
  amount_cents: fc.constantFrom(0, 1, 4990, 100_000_000),
});

/** A member of an event that is not what it should be, by its name. */
const flaw = fc.tuple(
  fc.constantFrom('event_id', 'event_type', 'occurred_at', 'session_id', 'user_id', 'page', 'referrer', 'amount_cents'),
  nastyJson,
);

/** How the API hands on a record. */
const KEYS = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: nastyText });

const post: fc.Arbitrary<Operation> = fc
  .tuple(event, fc.option(flaw, { freq: 3, nil: undefined }), KEYS, fc.nat(9))
  .map(
    ([drawn, wrong, key, form]): Operation =>
      () => {
        const content = jsonText(wrong === undefined ? drawn : { ...drawn, [wrong[0]]: wrong[1] });
        // Base64 is what the API asks for; one in ten sends something else.
        const data = form === 9 ? content : Buffer.from(content).toString('base64');
        const isValid = form !== 9 && wrong === undefined && Buffer.byteLength(key) <= 200 && key === 's-1';
        const headers = [['content-type', 'application/json']] as const;
        return {
          request: { method: 'POST', path: EVENTS_PATH, query: [], headers },
          json: { key, data },
          ...(isValid && { expected: [200] }),
        };
      },
  );

/** The data pipeline's way in by HTTP, with what becomes of each record. */
export function dataPipelineTarget(
  stack: SynthesizedStack,
  { code }: Pick<LocalEngineOptions, 'code'> = {},
): FuzzTarget {
  return {
    operations: post,
    routes: ROUTES,
    open: async (seed, onLog) => new Pipeline(await LocalEngine.start(stack, { seed, code, onLog })),
    close: async () => undefined,
  };
}

class Pipeline implements FuzzPlace {
  readonly headers = [];
  private accepted = 0;

  private readonly stream;

  constructor(readonly engine: LocalEngine) {
    const { name } = engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents');
    this.stream = engine.stores.kinesis.stream(name);
  }

  actors(run: string): readonly [Actor, ...Actor[]] {
    return newActors(this.engine, run);
  }

  send(request: FuzzRequest): Promise<ApiAnswer> {
    return this.engine.api.request(apiRequest(request));
  }

  footprint(): Readonly<Record<string, number>> {
    // No shard splits here, so that all of them are roots.
    return { records: this.stream.shards.roots.reduce((sum, { gone, records }) => sum + gone + records.length, 0) };
  }

  observe(_: Session, __: Actor, { path }: FuzzRequest, { statusCode, body }: ApiAnswer): readonly string[] {
    if (statusCode !== 200 || !path.includes(EVENTS_PATH)) return [];
    this.accepted += 1;
    const { SequenceNumber } = parsed(body) ?? {};
    return typeof SequenceNumber === 'string' ? [] : ['accepts an event without telling where it is'];
  }

  /** Each record is counted or kept, and comes to the lake or under its error prefix: once. */
  async settled(): Promise<readonly string[]> {
    const { metrics, deliveries } = this.engine;
    const counted = metrics.total('EventsAggregated') + metrics.total('EventsRejected');
    const delivered = deliveries.reduce((sum, { delivered: rows, failed }) => sum + rows + failed, 0);
    const wrong = (what: string, count: number) =>
      count === this.accepted ? [] : [`${this.accepted} events were accepted, and ${count} ${what}`];
    return [...wrong('were counted or kept', counted), ...wrong('came to the lake', delivered)];
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }
}
