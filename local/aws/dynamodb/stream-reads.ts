import { optionalText, text, unsupported } from '../input';
import { AwsError, type LocalInput, type LocalService } from '../service';
import type { LocalDynamoDb } from './store';
import type { LocalTable } from './table';

const ACTIONS = ['GetShardIterator', 'GetRecords'];

/** How long a stream keeps a record (docs.aws.amazon.com/amazondynamodb: Streams, data retention limit). */
const RETENTION_MS = 24 * 3_600_000;
/** Records in one answer (AWS: API_streams_GetRecords). */
const MAX_RECORDS = 1000;

/**
 * Tables together with the reading of their streams, as an operator's tool does: from a sequence number, as
 * long as the stream keeps it. Its tables let no record go from now on.
 */
export class TablesAndStreams implements LocalService {
  constructor(
    private readonly tables: LocalDynamoDb,
    private readonly now: () => number,
  ) {
    for (const table of tables.all()) table.shards.readers += 1;
  }

  call(action: string, input: LocalInput): LocalInput {
    if (!ACTIONS.includes(action)) return this.tables.call(action, input);
    return action === 'GetShardIterator' ? this.iterator(input) : this.records(input);
  }

  private iterator(input: LocalInput): LocalInput {
    const [arn, shardId] = [text(input, 'StreamArn'), text(input, 'ShardId')];
    const type = text(input, 'ShardIteratorType');
    if (type !== 'AT_SEQUENCE_NUMBER') throw unsupported(`ShardIteratorType ${type}`);
    const sequence = optionalText(input, 'SequenceNumber') ?? '';
    const table = this.table(arn);
    const shard = table.shards.shard(shardId);
    if (shard === undefined) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard ${shardId} not found`);
    }
    const index = shard.records.findIndex(({ record }) => record.dynamodb.SequenceNumber === sequence);
    const at = shard.records[index]?.at;
    if (at === undefined || this.now() - at > RETENTION_MS) {
      throw new AwsError('TrimmedDataAccessException', `The requested sequence number is beyond the trim horizon`);
    }
    return { ShardIterator: JSON.stringify([arn, shardId, index]) };
  }

  private records(input: LocalInput): LocalInput {
    const [arn, shardId, from] = JSON.parse(text(input, 'ShardIterator')) as [string, string, number];
    const entries =
      this.table(arn)
        .shards.shard(shardId)
        ?.records.slice(from, from + MAX_RECORDS) ?? [];
    return {
      Records: entries.map(({ record }) => record),
      NextShardIterator: JSON.stringify([arn, shardId, from + entries.length]),
    };
  }

  private table(streamArn: string): LocalTable {
    return this.tables.table(/:table\/([^/]+)\/stream\//.exec(streamArn)?.[1] ?? streamArn);
  }
}
