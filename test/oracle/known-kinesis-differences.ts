import type { KnownDifference } from './known-differences';

/** Entries of {@link KNOWN_DIFFERENCES} about data streams. */
export const KINESIS_DIFFERENCES = {
  'last-hash-of-a-shard': {
    scope: 'kinesis',
    operation: 'PutRecord with the last hash of all, and with the last one of the first of two shards',
    moto: ['HTTP 500', 'HTTP 500'],
    ours: ['shardId-000000000001', 'shardId-000000000000'],
    documentation:
      'Kinesis API Reference, HashKeyRange: EndingHashKey is the ending hash key of the range, and the range is of hash ' +
      'keys that follow each other.',
  },
  'hash-that-is-none': {
    scope: 'kinesis',
    operation: 'PutRecord with an explicit hash key that is no number, is negative, has a leading zero, or is empty',
    moto: ['HTTP 500', 'HTTP 500', 'taken', 'taken'],
    ours: ['ValidationException', 'ValidationException', 'ValidationException', 'ValidationException'],
    documentation: 'Kinesis API Reference, PutRecord, ExplicitHashKey: pattern 0|([1-9]\\d{0,38}).',
  },
  'length-of-the-key': {
    scope: 'kinesis',
    operation: 'PutRecord with an empty partition key, and with one of 257 characters',
    moto: ['taken', 'InvalidArgumentException'],
    ours: ['ValidationException', 'ValidationException'],
    documentation:
      'Kinesis API Reference, PutRecord, PartitionKey: length from 1 to 256. Input that fails to satisfy a constraint is a ' +
      'validation error ("Common Errors"), as 501 records are one for moto, too.',
  },
  'members-missing': {
    scope: 'kinesis',
    operation: 'PutRecord without data, PutRecord without a partition key, PutRecords without records',
    moto: ['HTTP 500', 'InvalidArgumentException', 'HTTP 500'],
    ours: ['ValidationException', 'ValidationException', 'ValidationException'],
    documentation:
      'Kinesis API Reference, PutRecord: Data is required, and PartitionKey unless the stream distributes its records ' +
      'itself (AUTO); PutRecords: Records is required.',
  },
  'data-not-base64': {
    scope: 'kinesis',
    operation: 'PutRecord with data that has other characters than those of base64, and with data that is cut off',
    moto: ['taken', 'HTTP 500'],
    ours: ['SerializationException', 'SerializationException'],
    documentation: 'Kinesis API Reference, PutRecord, Data: a base64-encoded binary data object.',
  },
  'record-too-large': {
    scope: 'kinesis',
    operation: 'PutRecord of more than 1 MiB',
    moto: 'taken',
    ours: 'ValidationException',
    documentation:
      'Kinesis Developer Guide, "Handle large records": the default maximum record size of a stream is 1 MiB. moto says ' +
      'so for PutRecords alone.',
  },
  'request-of-6-mib': {
    scope: 'kinesis',
    operation: 'PutRecords of 6 records of 1 MiB',
    moto: 'InvalidArgumentException',
    ours: 'taken',
    documentation: 'Kinesis API Reference, PutRecords: a limit of 10 MiB for the entire request.',
  },
  'no-records': {
    scope: 'kinesis',
    operation: 'PutRecords of no records',
    moto: 'taken',
    ours: 'ValidationException',
    documentation: 'Kinesis API Reference, PutRecords, Records: a minimum of 1 item.',
  },
  'half-a-request': {
    scope: 'kinesis',
    operation: 'PutRecords with a hash out of range in its second record, then what the stream holds',
    moto: ['InvalidArgumentException', 1],
    ours: ['InvalidArgumentException', 0],
    documentation:
      'Kinesis API Reference, PutRecords: a record fails with ProvisionedThroughputExceededException or InternalFailure, ' +
      'in an answer that tells of every record; an InvalidArgumentException refuses the request.',
  },
  'numbers-of-each-shard': {
    scope: 'kinesis',
    operation: 'PutRecords of one record for each of two shards: how many sequence numbers',
    moto: 1,
    ours: 2,
    documentation:
      'Kinesis API Reference, PutRecord, SequenceNumber: the sequence number is unique across all records in the stream.',
  },
  'encryption-untold': {
    scope: 'kinesis',
    operation: 'PutRecord and PutRecords into an encrypted stream, EncryptionType',
    moto: [null, null],
    ours: ['KMS', 'KMS'],
    documentation:
      'Kinesis API Reference, StartStreamEncryption: that encryption is applied shows in the answer of PutRecord or ' +
      'PutRecords.',
  },
  'name-out-of-pattern': {
    scope: 'kinesis',
    operation: 'PutRecord with a blank in the name of a stream, with an ARN for a name, and with a name for an ARN',
    moto: ['ResourceNotFoundException', 'ResourceNotFoundException', 'HTTP 500'],
    ours: ['ValidationException', 'ValidationException', 'ValidationException'],
    documentation:
      'Kinesis API Reference, PutRecord, StreamName: pattern [a-zA-Z0-9_.-]+; StreamARN: pattern ' +
      'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+.',
  },
  'no-stream-named': {
    scope: 'kinesis',
    operation: 'PutRecord without the name and the ARN of a stream',
    moto: 'ResourceNotFoundException',
    ours: 'ValidationException',
    documentation:
      'Kinesis API Reference, PutRecord: you must use either the StreamARN or the StreamName parameter, or both.',
  },
  'two-streams-named': {
    scope: 'kinesis',
    operation: 'PutRecord with the name of one stream and the ARN of another',
    moto: 'taken',
    ours: 'ValidationException',
    documentation:
      'Kinesis API Reference, PutRecord: StreamARN and StreamName are both of the stream; which of two it would take is ' +
      'not said, so a request that names two must not seem to work.',
  },
  'shard-without-limit': {
    scope: 'kinesis',
    operation: 'PutRecords of 500, 500 and 1 record into one shard within a second, FailedRecordCount',
    moto: [0, 0, 0],
    ours: [0, 0, 1],
    documentation: 'Kinesis API Reference, PutRecords: each shard can support writes up to 1,000 records per second.',
  },
  'split-shard-takes-on': {
    scope: 'kinesis',
    operation: 'PutRecord of a hash of the upper half of a shard that was split',
    moto: 'shardId-000000000000',
    ours: 'shardId-000000000002',
    documentation:
      'Kinesis Developer Guide, "Complete the resharding action": records that were flowing to the parent shards are ' +
      're-routed to flow to the child shards.',
  },
  'list-of-ten': {
    scope: 'kinesis',
    operation: 'ListStreams of 11 streams without a limit: how many names, and whether there are more',
    moto: [10, true],
    ours: [11, false],
    documentation: 'Kinesis API Reference, ListStreams, Limit: the default value is 100.',
  },
  'list-limit': {
    scope: 'kinesis',
    operation: 'ListStreams with a limit of 0, and of 10,001',
    moto: ['done', 'done'],
    ours: ['ValidationException', 'ValidationException'],
    documentation: 'Kinesis API Reference, ListStreams, Limit: from 1 to 10000.',
  },
  'list-after-a-stranger': {
    scope: 'kinesis',
    operation: 'ListStreams after a name that no stream has: error, or how many names',
    moto: 'HTTP 500',
    ours: 11,
    documentation:
      'Kinesis API Reference, ListStreams, ExclusiveStartStreamName: the name to start the list with; a stream that was ' +
      'deleted since the last page must not end the list, and no error says that it does.',
  },
  'list-by-token': {
    scope: 'kinesis',
    operation: 'ListStreams of 1 stream, then with the token of its answer: whether there is one, and the names',
    moto: [false, ['stream-00', 'stream-01']],
    ours: [true, ['stream-01', 'stream-02']],
    documentation:
      'Kinesis API Reference, ListStreams: NextToken is among the members of its answer and of its request.',
  },
  'list-tells-of-all': {
    scope: 'kinesis',
    operation: 'ListStreams of 1 stream out of 11: how many names, and how many summaries',
    moto: [1, 11],
    ours: [1, 1],
    documentation:
      'Kinesis API Reference, ListStreams, Limit: the maximum number of streams to list; StreamSummaries are of those.',
  },
} satisfies Readonly<Record<string, KnownDifference>>;
