import type { ResolvedResource } from '../assembly/resolved-template';
import type { StreamDefinition } from '../aws/kinesis/stream';

interface StreamProperties {
  readonly ShardCount?: number;
  readonly RetentionPeriodHours?: number;
  readonly MaxRecordSizeInKiB?: number;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly StreamEncryption?: { readonly EncryptionType: string };
}

/** AWS: Kinesis Data Streams, capacity modes: a new on-demand stream takes 4 MB a second, which is what four shards take. */
const ON_DEMAND_SHARDS = 4;
const DEFAULT_RETENTION_HOURS = 24;
/** AWS: CloudFormation, AWS::Kinesis::Stream: 1 MiB, unless the stream says more, up to 10. */
const DEFAULT_RECORD_KIB = 1024;

/** A data stream's definition as its template has it. */
export function streamDefinition({ name, properties }: ResolvedResource): StreamDefinition {
  const stream = properties as StreamProperties;
  const onDemand = stream.StreamModeDetails?.StreamMode === 'ON_DEMAND';
  return {
    name,
    shards: onDemand ? ON_DEMAND_SHARDS : Number(stream.ShardCount ?? 1),
    retention: Number(stream.RetentionPeriodHours ?? DEFAULT_RETENTION_HOURS) * 3600,
    maxRecordBytes: Number(stream.MaxRecordSizeInKiB ?? DEFAULT_RECORD_KIB) * 1024,
    encrypted: stream.StreamEncryption?.EncryptionType === 'KMS',
  };
}
