import { describe, expect, it } from 'vitest';
import { LocalStream } from '../../../local/aws/stream';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { Failure } from '../../../local/engine/failure';
import { StreamReader, type StreamSource } from '../../../local/engine/stream-reader';
import {
  dataPipelineTemplate,
  eventDrivenTemplate,
  genAiRagTemplate,
  resourcesOf,
  webAppTemplate,
} from '../../synthesize';

interface Settings extends Pick<StreamSource, 'batchSize' | 'retryAttempts' | 'bisects'> {
  readonly maximumRecordAge: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Properties = Readonly<Record<string, unknown>>;

/** What a template says of a reader of a stream; undefined for what reads none. */
function settingsOf(type: string, properties: Properties): Settings | undefined {
  const parameters = properties['SourceParameters'] as Readonly<Record<string, Properties>> | undefined;
  const pipe = parameters?.['DynamoDBStreamParameters'] ?? parameters?.['KinesisStreamParameters'];
  const settings =
    type === 'AWS::Pipes::Pipe' ? pipe : properties['StartingPosition'] === undefined ? undefined : properties;
  if (settings === undefined) return undefined;
  return {
    batchSize: Number(settings['BatchSize']),
    retryAttempts: Number(settings['MaximumRetryAttempts'] ?? -1),
    maximumRecordAge: Number(settings['MaximumRecordAgeInSeconds'] ?? -1),
    bisects:
      settings['BisectBatchOnFunctionError'] === true || settings['OnPartialBatchItemFailure'] === 'AUTOMATIC_BISECT',
  };
}

const TEMPLATES = {
  'event-driven': eventDrivenTemplate,
  'data-pipeline': dataPipelineTemplate,
  'genai-rag': genAiRagTemplate,
  'web-app': webAppTemplate,
} as const;
const readers = Object.entries(TEMPLATES).flatMap(([pattern, templateOf]) =>
  Object.entries(resourcesOf(templateOf('prod'))).flatMap(([id, { Type, Properties }]) => {
    const readsStream = ['AWS::Pipes::Pipe', 'AWS::Lambda::EventSourceMapping'].includes(Type);
    const settings = readsStream ? settingsOf(Type, Properties) : undefined;
    return settings === undefined ? [] : [[`${pattern}: ${id}`, settings] as const];
  }),
);

/** Reads a shard by the settings of a template while time goes by. */
function read(settings: Settings, fails: (record: number, now: number) => boolean) {
  const clock = new VirtualClock();
  const begun = clock.now();
  const stream = new LocalStream<number>();
  const [handled, given] = [new Map<number, number>(), new Map<number, number>()];
  const handle = async (entries: readonly { readonly record: number }[]) => {
    const records = entries.map(({ record }) => record);
    if (records.some((record) => fails(record, clock.now() - begun))) throw new Failure('refused');
    for (const record of records) handled.set(record, clock.now() - begun);
    return records.length;
  };
  const giveUp = async (records: readonly number[]) => {
    for (const record of records) given.set(record, clock.now() - begun);
  };
  new StreamReader(stream, { filters: [], ...settings }, { handle, giveUp }, clock).start();
  return { clock, stream, handled, given };
}

it('there are readers of streams to judge', () => {
  expect(readers.map(([name]) => name.split(':')[0])).toEqual(
    expect.arrayContaining(['event-driven', 'data-pipeline']),
  );
});

describe.each(readers)('%s', (_, settings) => {
  it('holds its shard for minutes when one record is refused for ever, and gives that one up alone', async () => {
    const { clock, stream, handled, given } = read(settings, (record) => record === 3);
    for (let record = 0; record < 10; record += 1) stream.put('key', record, clock.now());
    await clock.settle();
    expect([...given.keys()]).toEqual([3]);
    expect([...handled.keys()].sort()).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    const standstill = Math.max(...handled.values());
    expect(standstill).toBeGreaterThan(0);
    expect(standstill).toBeLessThan(10 * MINUTE);
  });

  it('loses nothing while the target is down for most of a day: a record is delivered, or kept while the stream has it', async () => {
    const down = 20 * HOUR;
    const { clock, stream, handled, given } = read(settings, (_record, now) => now < down);
    const records = 600;
    const put = async () => {
      for (let record = 0; record < records; record += 1) {
        stream.put('key', record, clock.now());
        await new Promise<void>((done) => clock.after((23 * HOUR) / records, done));
      }
      await new Promise<void>((done) => clock.after(2 * HOUR, done));
    };
    void put();
    await clock.settle();
    expect([...handled.keys(), ...given.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: records }, (__, record) => record),
    );
    // A table's stream keeps a record for 24 hours, and a dead letter points to it there.
    for (const [record, at] of given) expect(at - (record * 23 * HOUR) / records).toBeLessThan(24 * HOUR);
    expect(handled.size).toBeGreaterThan(0);
  });
});
