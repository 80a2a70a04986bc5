import { AwsError } from '../../../local/aws/service';
import { sleep } from '../../../local/clock/clock';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { seededRandom } from '../../../local/engine/random';
import type { ClickstreamEvent } from '../clickstream-schema';
import { EVENTS_PATH } from '../contract';
import { clickstreamTraffic } from '../load/clickstream-traffic';
import { createProducer, type PutRecordsAnswer } from '../producer';

/** Back ends that send all at once. */
export interface Peak {
  readonly events: number;
  readonly perSecond: number;
  /** Bytes that an event is larger by, as with the long addresses of a campaign. Up to 1900. @default 0 */
  readonly larger?: number;
}

/** Traffic to send. */
export interface ClickstreamTraffic {
  /** Events, of browsers by HTTP and of back ends by the producer. */
  readonly events: number;
  /** More events of back ends, on top, from the start. @default - none */
  readonly peak?: Peak;
  /** Share of the back ends' events that they send twice, as after a call that timed out. 0 to 1. @default 0 */
  readonly repeats?: number;
  /** Visitors who come all at once and buy, two events each, among the events. @default 0 */
  readonly burst?: number;
  /** Records that are not valid events, of a back end without the producer, on top; as many by HTTP are refused. @default 0 */
  readonly poison?: number;
  readonly seed: number;
  /** The producer to send with. @default - the pattern's */
  readonly producer?: typeof createProducer;
  readonly onProgress?: (sent: SentEvents) => void;
}

/** What was sent, and what was said of it. */
export interface SentEvents {
  /** Ids of events that the API or the producer said were taken. */
  readonly accepted: Set<string>;
  byHttp: number;
  /** Events that were sent twice: two records, and both count. */
  repeated: number;
  /** Records that are not valid events, and were taken. */
  poison: number;
  /** Requests that were refused as their sender's mistake. */
  mistakes: number;
  /** Answers that told a browser to come back. */
  putOff: number;
  /** Records that the producer sent again. */
  retried: number;
  /** What was handed back, or given up. */
  unsent: number;
}

/** Of the events, those by HTTP: as many as come below the API's throttle. */
const BY_HTTP = { share: 0.3, most: 2000, perSecond: 40 } as const;
const BY_PRODUCER = { batch: 100, perSecond: 400 } as const;
/** What a request takes (AWS: PutRecords). */
const PEAK_BATCH = 500;
const MAX_TRIES = 12;
const BACKOFF_MS = { first: 200, longest: 20_000 };

/** Sends events as browsers and back ends do: each again when the answer says so. */
export async function sendEvents(engine: LocalEngine, traffic: ClickstreamTraffic): Promise<SentEvents> {
  const { events, burst = 0, poison = 0, peak } = traffic;
  const senders = new Senders(engine, traffic);
  const byHttp = Math.min(Math.floor(events * BY_HTTP.share), BY_HTTP.most);
  const all = [
    senders.browsers(byHttp, poison),
    senders.backEnds(events - byHttp - 2 * burst, burst),
    ...(peak === undefined ? [] : [senders.peaks(peak)]),
  ];
  await engine.during(Promise.all(all).then(() => Promise.all(senders.under)));
  return senders.sent;
}

/** Browsers and back ends that send at once; each from the chance that they share. */
class Senders {
  readonly sent: SentEvents = {
    accepted: new Set(),
    byHttp: 0,
    repeated: 0,
    poison: 0,
    mistakes: 0,
    putOff: 0,
    retried: 0,
    unsent: 0,
  };
  /** What is under way. */
  readonly under: Promise<void>[] = [];
  private readonly random: () => number;
  private readonly next: () => ClickstreamEvent;
  private readonly streamName: string;
  private readonly unsent = new Set<string>();
  private readonly send: ReturnType<typeof createProducer>;

  constructor(
    private readonly engine: LocalEngine,
    private readonly traffic: ClickstreamTraffic,
  ) {
    const { clock } = engine;
    this.random = seededRandom(traffic.seed, 'clickstream');
    this.next = clickstreamTraffic({ random: this.random, now: () => clock.now() });
    this.streamName = engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name;
    this.send = (traffic.producer ?? createProducer)({
      putRecords: async (records) => {
        const Records = records.map(({ Data, PartitionKey }) => ({
          Data: Buffer.from(Data).toString('base64'),
          PartitionKey,
        }));
        const request = { StreamName: this.streamName, Records };
        return engine.stores.kinesis.call('PutRecords', request) as PutRecordsAnswer;
      },
      onUnsent: (given) => {
        for (const { event_id } of given) this.unsent.add(event_id);
      },
      now: () => clock.now(),
      random: this.random,
      sleep: (ms) => sleep(clock, ms),
    });
  }

  /** Browsers, one after the other, with broken ones and broken back ends among them. */
  async browsers(byHttp: number, poison: number): Promise<void> {
    for (let index = 0; index < byHttp + poison; index += 1) {
      await sleep(this.engine.clock, 1000 / BY_HTTP.perSecond);
      const every = Math.max(1, Math.floor((byHttp + poison) / Math.max(1, poison)));
      if (index % every === 0 && index / every < poison) {
        this.under.push(this.brokenBrowser(index / every), this.brokenBackEnd(index / every));
      } else {
        this.under.push(this.browser());
      }
    }
  }

  async backEnds(byProducer: number, burst: number): Promise<void> {
    for (let done = 0; done < byProducer; done += BY_PRODUCER.batch) {
      await sleep(this.engine.clock, (1000 * BY_PRODUCER.batch) / BY_PRODUCER.perSecond);
      const length = Math.min(BY_PRODUCER.batch, byProducer - done);
      this.under.push(this.backEnd(Array.from({ length }, this.next)));
    }
    const rush = Array.from({ length: burst }, (_, index) => rushOf(this.next(), this.next(), index)).flat();
    if (burst > 0) this.under.push(this.backEnd(rush));
  }

  async peaks({ events: most, perSecond, larger = 0 }: Peak): Promise<void> {
    const referrer = `https://news.example.org/?campaign=${'x'.repeat(larger)}`;
    const event = () => (larger === 0 ? this.next() : { ...this.next(), referrer });
    for (let done = 0; done < most; done += PEAK_BATCH) {
      const batch = Array.from({ length: Math.min(PEAK_BATCH, most - done) }, event);
      this.under.push(this.backEnd(batch));
      await sleep(this.engine.clock, (1000 * batch.length) / perSecond);
    }
  }

  private async post(user: string, body: string): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const { statusCode } = await this.engine.api.request({
        method: 'POST',
        path: EVENTS_PATH,
        headers: this.engine.signedIn(user),
        body,
      });
      if ((statusCode !== 429 && statusCode < 500) || tries === MAX_TRIES) return statusCode;
      this.sent.putOff += 1;
      const longest = Math.min(BACKOFF_MS.first * 2 ** tries, BACKOFF_MS.longest);
      await sleep(this.engine.clock, longest * (0.5 + this.random()));
    }
  }

  private async browser(): Promise<void> {
    const event = this.next();
    if ((await this.post(event.session_id, JSON.stringify(event))) === 200) {
      this.sent.accepted.add(event.event_id);
      this.sent.byHttp += 1;
    } else {
      this.sent.unsent += 1;
    }
    this.traffic.onProgress?.(this.sent);
  }

  private async brokenBrowser(index: number): Promise<void> {
    const status = await this.post(`broken-${index}`, Buffer.from(poisonOf(index), 'base64').toString('latin1'));
    if (status >= 400 && status < 500) this.sent.mistakes += 1;
    if (status === 200) this.sent.poison += 1;
  }

  private async brokenBackEnd(index: number): Promise<void> {
    const record = { StreamName: this.streamName, PartitionKey: `broken-${index}`, Data: poisonOf(index) };
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      try {
        await this.engine.stores.kinesis.call('PutRecord', record);
        this.sent.poison += 1;
        return;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        await sleep(this.engine.clock, BACKOFF_MS.first * 2 ** tries);
      }
    }
  }

  private async backEnd(batch: readonly ClickstreamEvent[]): Promise<void> {
    const { repeats = 0, onProgress } = this.traffic;
    const again = repeats === 0 ? [] : batch.filter(() => this.random() < repeats);
    for (const each of again.length === 0 ? [batch] : [batch, again]) {
      this.sent.retried += (await this.send(each)).retried;
    }
    this.sent.repeated += again.length;
    for (const { event_id } of batch) {
      if (this.unsent.has(event_id)) this.sent.unsent += 1;
      else this.sent.accepted.add(event_id);
    }
    onProgress?.(this.sent);
  }
}

/** Someone who comes for one thing and buys it. */
function rushOf(first: ClickstreamEvent, second: ClickstreamEvent, index: number): ClickstreamEvent[] {
  const { amount_cents: _, ...chosen } = first;
  const session = { session_id: `rush-${index}`, page: '/offers' };
  return [
    { ...chosen, ...session, event_type: 'add_to_cart' },
    { ...second, ...session, event_type: 'purchase', amount_cents: 990 },
  ];
}

function poisonOf(index: number): string {
  return POISON[index % POISON.length] ?? POISON[0];
}

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
/** Records that are not valid events, each in its own way. */
const POISON = [
  base64('{"broken":'),
  base64('42'),
  base64('{"event_id":"x","event_type":"unheard_of"}'),
  base64('\u00ff\u00fe not text'),
] as const;
