import type { ResolvedResource } from '../../../local/assembly/resolved-template';
import type { StreamRecord } from '../../../local/aws/dynamodb/table';
import { LocalStream } from '../../../local/aws/stream';
import type { EngineContext } from '../../../local/engine/context';
import type { Destinations } from '../../../local/engine/destinations';
import { LocalEventBus } from '../../../local/engine/event-bus';
import { pipe } from '../../../local/engine/pipe';
import { EngineFixture, LOCATION } from './engine-fixture';

const TABLE = 'arn:aws:dynamodb:eu-west-1:111111111111:table/T/stream/2026';
export const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:topic';

/** How a pipe differs from one that gives up at the first failure. */
export interface PipeSketch {
  readonly stream?: object;
  readonly filters?: readonly string[];
  readonly template?: string;
  readonly target?: string;
  readonly toBus?: boolean;
  /** What the enrichment returns; there is none without it. */
  readonly enrich?: (records: unknown) => unknown;
}

/** A pipe from a stream to a topic or a bus. */
export class PipeFixture extends EngineFixture {
  readonly stream = new LocalStream<StreamRecord>();
  readonly published: string[] = [];
  readonly kept: unknown[] = [];
  readonly bus = new LocalEventBus([], {
    location: LOCATION,
    clock: this.clock,
    newId: () => 'id',
    metrics: this.metrics,
    deliver: async () => undefined,
    deadLetter: async () => undefined,
  });

  constructor(sketch: PipeSketch = {}) {
    super();
    const keep = async (_: string, letter: unknown) => {
      this.kept.push(letter);
    };
    pipe(this.engine(sketch.enrich), resource(sketch), { keep } as unknown as Destinations).start();
  }

  /** Writes records into the stream, and lets the pipe work. */
  async put(...records: readonly object[]): Promise<void> {
    for (const [index, record] of records.entries()) {
      const dynamodb = { SequenceNumber: String(index) };
      this.stream.put('k', { dynamodb, ...record } as unknown as StreamRecord, this.clock.now());
    }
    await this.clock.settle();
  }

  private engine(enrich: PipeSketch['enrich']): EngineContext {
    return {
      clock: this.clock,
      metrics: this.metrics,
      hops: this.hops,
      faults: {},
      random: () => () => 1,
      bus: this.bus,
      functionOf: () => this.fn(enrich ?? (() => [])),
      world: {
        stream: () => this.stream,
        publish: async (_: string, { message }: { message: string }) => {
          this.published.push(message);
        },
      },
    } as unknown as EngineContext;
  }
}

function resource({
  stream,
  filters,
  template = '<$.value>',
  target = TOPIC,
  toBus,
  enrich,
}: PipeSketch): ResolvedResource {
  return {
    logicalId: 'Pipe',
    type: 'AWS::Pipes::Pipe',
    name: 'pipe',
    arn: 'arn:aws:pipes:eu-west-1:111111111111:pipe/pipe',
    attributes: {},
    properties: {
      Source: TABLE,
      Target: target,
      ...(enrich !== undefined && { Enrichment: 'arn:f' }),
      SourceParameters: {
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          MaximumRetryAttempts: 0,
          DeadLetterConfig: { Arn: 'arn:dead' },
          ...stream,
        },
        ...(filters !== undefined && { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
      },
      TargetParameters: {
        InputTemplate: template,
        ...(toBus === true && { EventBridgeEventBusParameters: { Source: 'shop', DetailType: '$.type' } }),
      },
    },
  };
}
