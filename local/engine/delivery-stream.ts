import type { ResolvedResource } from '../assembly/resolved-template';
import type { KinesisRecord } from '../aws/kinesis/stream';
import type { Cancel } from '../clock/clock';
import { type DeserializerProperties, type JsonDeserializer, jsonDeserializer } from '../lake/json-deserializer';
import { type GlueColumn, parquetOf, type Row, rowOf } from '../lake/parquet';
import type { LocalFunction } from '../lambda/local-function';
import { FIREHOSE_LIMITS } from '../limits/firehose';
import type { EngineContext } from './context';
import { checkDeliveryStream } from './delivery-limits';
import { isFailure } from './failure';
import { inTimeOr } from './integration-time';
import { sharedReads } from './shard-reads';
import { StreamReader } from './stream-reader';

interface DestinationProperties {
  readonly BucketARN: string;
  readonly Prefix?: string;
  readonly ErrorOutputPrefix?: string;
  readonly BufferingHints?: { readonly IntervalInSeconds?: number; readonly SizeInMBs?: number };
  readonly ProcessingConfiguration?: {
    readonly Enabled?: boolean;
    readonly Processors?: readonly {
      readonly Type: string;
      readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
    }[];
  };
  readonly DataFormatConversionConfiguration?: {
    readonly Enabled?: boolean;
    readonly InputFormatConfiguration?: { readonly Deserializer?: DeserializerProperties };
    readonly SchemaConfiguration?: { readonly TableName?: string };
  };
}

/** How a delivery stream's function reshapes records. */
interface Processing {
  readonly fn: LocalFunction;
  readonly retries: number;
  readonly bytes: number;
  readonly seconds: number;
}

interface TransformAnswer {
  readonly records?: readonly { readonly recordId: string; readonly result: string; readonly data?: string }[];
}

/** Why a record is under the error prefix; names the folder (docs.aws.amazon.com/firehose: s3-prefixes). */
type ErrorType = 'processing-failed' | 'format-conversion-failed';

const MIB = 1024 * 1024;
/** In place of an answer that took too long. */
const LATE = Symbol('late');
/** Between tries of a transform; AWS names no time. */
const RETRY_MS = 1000;

/**
 * Firehose from a data stream to S3: a function that reshapes, conversion to Parquet by a Glue table's columns, buffering by
 * size and time, and an error prefix for what fails
 * (docs.aws.amazon.com/firehose: data-transformation, record-format-conversion, buffering-hints).
 */
export class DeliveryStream {
  /** Records in files of the table. */
  delivered = 0;
  /** Records that the function dropped on purpose. */
  dropped = 0;
  /** Records that failed and are nowhere: there was no error prefix. */
  lost = 0;
  /** Records under the error prefix. */
  failed = 0;

  private readonly destination: DestinationProperties;
  private readonly bucket: string;
  private readonly columns: readonly GlueColumn[];
  private readonly deserializer: JsonDeserializer;
  private readonly processing?: Processing;
  private readonly reader: StreamReader<KinesisRecord>;
  private raw: { records: KinesisRecord[]; bytes: number; due?: Cancel } = { records: [], bytes: 0 };
  private ready: { rows: Row[]; bytes: number; oldest: number; due?: Cancel } = { rows: [], bytes: 0, oldest: 0 };

  /**
   * @throws Error naming what of the delivery stream is not known here
   * @throws AwsError for a delivery stream that Firehose refuses
   */
  constructor(
    private readonly engine: EngineContext,
    private readonly resource: ResolvedResource,
  ) {
    const { logicalId, properties } = resource;
    const source = properties['KinesisStreamSourceConfiguration'] as { KinesisStreamARN: string } | undefined;
    const destination = properties['ExtendedS3DestinationConfiguration'] as DestinationProperties | undefined;
    if (source === undefined || destination?.DataFormatConversionConfiguration?.Enabled !== true) {
      throw new Error(`${logicalId}: only a data stream to Parquet in S3 is known here`);
    }
    checkDeliveryStream(resource.name, destination);
    this.destination = destination;
    this.bucket = destination.BucketARN.slice('arn:aws:s3:::'.length);
    const { SchemaConfiguration, InputFormatConfiguration } = destination.DataFormatConversionConfiguration;
    this.columns = this.columnsOf(SchemaConfiguration?.TableName);
    this.deserializer = jsonDeserializer(InputFormatConfiguration?.Deserializer);
    this.processing = this.processingOf(destination);
    const stream = engine.stores.kinesis.stream(source.KinesisStreamARN);
    // It takes everything that it gets and does its own retries. What is in the stream when it is made, it never reads
    // (docs.aws.amazon.com/firehose: writing-with-kinesis-streams, "from the LATEST position").
    const everything = { batchSize: 10_000, filters: [], retryAttempts: -1, bisects: false, from: 'LATEST' } as const;
    this.reader = new StreamReader(
      stream.shards,
      everything,
      {
        handle: async (entries) => {
          for (const { record } of entries) this.take(record);
          this.measure('DataReadFromKinesisStream.Records', entries.length);
          return entries.length;
        },
        giveUp: async () => undefined,
      },
      engine.clock,
      sharedReads(engine, stream),
    );
  }

  start(): void {
    this.reader.start();
  }

  stop(): void {
    this.reader.stop();
    this.raw.due?.();
    this.ready.due?.();
  }

  private take(record: KinesisRecord): void {
    if (this.processing === undefined) {
      this.convert(record, record.data);
      return;
    }
    const size = Buffer.byteLength(record.data, 'base64');
    if (this.raw.bytes + size > this.processing.bytes) this.reshape();
    this.raw.records.push(record);
    this.raw.bytes += size;
    this.raw.due ??= this.engine.clock.after(this.processing.seconds * 1000, () => this.reshape());
  }

  private reshape(): void {
    const { records, due } = this.raw;
    due?.();
    this.raw = { records: [], bytes: 0 };
    if (records.length > 0 && this.processing !== undefined) void this.transform(records, this.processing);
  }

  /** Gives a batch to the function; each record has its own outcome. */
  private async transform(records: readonly KinesisRecord[], { fn, retries }: Processing): Promise<void> {
    const answer = await this.answerOf(records, fn, retries);
    const outcomes = new Map((answer?.records ?? []).map((outcome) => [outcome.recordId, outcome]));
    for (const record of records) {
      const { result, data = '' } = outcomes.get(record.sequenceNumber) ?? {};
      if (result === 'Ok') this.convert(record, data);
      else if (result === 'Dropped') this.dropped += 1;
      else
        this.fail(
          'processing-failed',
          record,
          answer === undefined ? 'Lambda.FunctionError' : 'Lambda.ProcessingFailed',
        );
    }
  }

  private async answerOf(
    records: readonly KinesisRecord[],
    fn: LocalFunction,
    retries: number,
  ): Promise<TransformAnswer | undefined> {
    const { clock, newId, deployment } = this.engine;
    const event = {
      invocationId: newId(),
      deliveryStreamArn: this.resource.arn,
      region: deployment.region,
      records: records.map(({ sequenceNumber, arrival, data }) => ({
        recordId: sequenceNumber,
        approximateArrivalTimestamp: arrival,
        data,
      })),
    };
    for (let attempt = 0; attempt <= retries; attempt += 1) {
      try {
        const answer = await inTimeOr(clock, FIREHOSE_LIMITS.rows.transformTime.max, fn.invoke(event), LATE);
        if (answer !== LATE) return answer as TransformAnswer;
      } catch (error) {
        if (!isFailure(error)) throw error;
      }
      await new Promise<void>((done) => {
        clock.after(RETRY_MS, done);
      });
    }
    return undefined;
  }

  private convert(record: KinesisRecord, data: string): void {
    const bytes = Buffer.from(data, 'base64');
    let row: Row;
    try {
      row = rowOf(this.columns, JSON.parse(bytes.toString()) as Record<string, unknown>, this.deserializer);
    } catch {
      this.measure('FailedConversion.Records', 1);
      this.fail('format-conversion-failed', record, 'DataFormatConversion.InvalidSchema');
      return;
    }
    this.measure('SucceedConversion.Records', 1);
    const { IntervalInSeconds = 300, SizeInMBs = 128 } = this.destination.BufferingHints ?? {};
    if (this.ready.rows.length === 0) this.ready.oldest = record.arrival;
    this.ready.rows.push(row);
    this.ready.bytes += bytes.length;
    this.ready.due ??= this.engine.clock.after(IntervalInSeconds * 1000, () => this.flush());
    if (this.ready.bytes >= SizeInMBs * MIB) this.flush();
  }

  private flush(): void {
    const { rows, oldest, due } = this.ready;
    due?.();
    this.ready = { rows: [], bytes: 0, oldest: 0 };
    if (rows.length === 0) return;
    this.put(prefixOf(this.destination.Prefix ?? '', oldest), parquetOf(this.columns, rows), '.parquet');
    this.delivered += rows.length;
    const age = this.engine.clock.now() - oldest;
    this.measure('DeliveryToS3.DataFreshness', age / 1000);
    this.measure('DeliveryToS3.Records', rows.length);
    this.engine.hops.observe('stream to lake', age);
  }

  private fail(type: ErrorType, record: KinesisRecord, errorCode: string): void {
    const { ErrorOutputPrefix } = this.destination;
    if (ErrorOutputPrefix === undefined) {
      this.lost += 1;
      return;
    }
    const line = JSON.stringify({
      attemptsMade: (this.processing?.retries ?? 0) + 1,
      arrivalTimestamp: record.arrival,
      errorCode,
      attemptEndingTimestamp: this.engine.clock.now(),
      rawData: record.data,
      sequenceNumber: record.sequenceNumber,
    });
    this.put(prefixOf(ErrorOutputPrefix, record.arrival, type), Buffer.from(`${line}\n`), '');
    this.failed += 1;
  }

  private put(prefix: string, Body: Buffer, extension: string): void {
    const { stores, newId } = this.engine;
    stores.s3.call('PutObject', {
      Bucket: this.bucket,
      Key: `${prefix}${this.resource.name}-1-${newId()}${extension}`,
      Body,
    });
  }

  private measure(metric: string, value: number): void {
    this.engine.metrics.put('AWS/Firehose', metric, { DeliveryStreamName: this.resource.name }, value);
  }

  private columnsOf(tableName: string | undefined): readonly GlueColumn[] {
    const table = this.engine.template.ofType('AWS::Glue::Table').find(({ name }) => name === tableName);
    const { StorageDescriptor } = (table?.properties['TableInput'] ?? {}) as {
      StorageDescriptor?: { Columns?: readonly GlueColumn[] };
    };
    if (StorageDescriptor?.Columns === undefined) {
      throw new Error(`${this.resource.logicalId}: the table ${tableName} is not in the template`);
    }
    return StorageDescriptor.Columns;
  }

  private processingOf({ ProcessingConfiguration }: DestinationProperties): Processing | undefined {
    if (ProcessingConfiguration?.Enabled !== true) return undefined;
    const [processor, ...more] = ProcessingConfiguration.Processors ?? [];
    if (processor?.Type !== 'Lambda' || more.length > 0) {
      throw new Error(`${this.resource.logicalId}: only one processor, a function, is known here`);
    }
    const parameters = Object.fromEntries(
      (processor.Parameters ?? []).map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]),
    );
    return {
      fn: this.engine.functionOf(String(parameters['LambdaArn'])),
      retries: Number(parameters['NumberOfRetries'] ?? 3),
      bytes: Number(parameters['BufferSizeInMBs'] ?? 1) * MIB,
      seconds: Number(parameters['BufferIntervalInSeconds'] ?? 60),
    };
  }
}

/** A prefix with Firehose's expressions filled in. @throws Error for one that is not known here */
function prefixOf(prefix: string, at: number, errorType?: ErrorType): string {
  return prefix.replace(/!\{([^}]+)\}/g, (expression, inner: string) => {
    if (inner === 'timestamp:yyyy-MM-dd') return new Date(at).toISOString().slice(0, 10);
    if (inner === 'firehose:error-output-type' && errorType !== undefined) return errorType;
    throw new Error(`The prefix expression ${expression} is not known here`);
  });
}
