import type { ResolvedResource } from '../assembly/resolved-template';
import type { StreamDefinition } from '../aws/kinesis/stream';
import { KINESIS_LIMITS } from '../limits/kinesis';
import { enforce } from '../limits/limit';

interface StreamProperties {
  readonly ShardCount?: number;
  readonly RetentionPeriodHours?: number;
  readonly MaxRecordSizeInKiB?: number;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly StreamEncryption?: { readonly EncryptionType: string };
}

/** AWS: Kinesis Data Streams, capacity modes: a new on-demand stream takes 4 MB a second, which is what four shards take. */
const ON_DEMAND_SHARDS = 4;
const LIMITS = KINESIS_LIMITS.rows;

/** A data stream's definition as its template has it. @throws AwsError for a stream that Kinesis refuses */
export function streamDefinition({ name, properties }: ResolvedResource): StreamDefinition {
  const stream = properties as StreamProperties;
  const onDemand = stream.StreamModeDetails?.StreamMode === 'ON_DEMAND';
  const hours = Number(stream.RetentionPeriodHours ?? LIMITS.retention.min);
  const recordKib = Number(stream.MaxRecordSizeInKiB ?? LIMITS.recordBytes.max / 1024);
  enforce(LIMITS.retention, hours);
  enforce(LIMITS.recordSize, recordKib);
  return {
    name,
    shards: onDemand ? ON_DEMAND_SHARDS : Number(stream.ShardCount ?? 1),
    retention: hours * 3600,
    maxRecordBytes: recordKib * 1024,
    encrypted: stream.StreamEncryption?.EncryptionType === 'KMS',
  };
}
