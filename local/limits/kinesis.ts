import { limitTable } from './limit';

const API = 'docs.aws.amazon.com/kinesis/latest/APIReference';
const QUOTAS = 'docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html';
const PUT_RECORD = `${API}/API_PutRecord.html`;
const PUT_RECORDS = `${API}/API_PutRecords.html`;
const GET_RECORDS = `${API}/API_GetRecords.html`;
const MIB = 1024 * 1024;
const CONSTRAINT = 'ValidationException';
const ARGUMENT = 'InvalidArgumentException';
const EXCEEDED = 'ProvisionedThroughputExceededException';

/** What Kinesis Data Streams refuses. */
export const KINESIS_LIMITS = limitTable('Kinesis Data Streams', {
  records: {
    operation: 'PutRecords',
    limit: 'Records of a request',
    min: 1,
    max: 500,
    error: CONSTRAINT,
    source: PUT_RECORDS,
  },
  requestBytes: {
    operation: 'PutRecords',
    limit: 'Records of a request with their partition keys, bytes',
    max: 10 * MIB,
    error: ARGUMENT,
    source: PUT_RECORDS,
  },
  recordBytes: {
    operation: 'PutRecord, PutRecords',
    limit: 'A record with its partition key, bytes, unless the stream takes larger ones',
    max: MIB,
    error: CONSTRAINT,
    source: 'docs.aws.amazon.com/streams/latest/dev/large-records.html',
  },
  partitionKey: {
    operation: 'PutRecord, PutRecords',
    limit: 'PartitionKey, Unicode characters',
    min: 1,
    max: 256,
    error: CONSTRAINT,
    source: PUT_RECORD,
  },
  hashKeyPattern: {
    operation: 'PutRecord, PutRecords',
    limit: 'ExplicitHashKey that is not a whole number of 1 to 39 digits without leading zeros',
    error: CONSTRAINT,
    source: PUT_RECORD,
  },
  hashKeyRange: {
    operation: 'PutRecord, PutRecords',
    limit: 'ExplicitHashKey from 2^128',
    error: ARGUMENT,
    source: PUT_RECORD,
  },
  data: {
    operation: 'PutRecord, PutRecords',
    limit: 'Data that is not base64',
    error: 'SerializationException',
    source: PUT_RECORD,
  },
  missing: {
    operation: 'PutRecord, PutRecords',
    limit: 'A request without Data, PartitionKey or Records',
    error: CONSTRAINT,
    source: PUT_RECORD,
  },
  streamName: {
    operation: 'PutRecord, PutRecords',
    limit: 'StreamName, characters, of a-z, A-Z, 0-9, _ . -',
    min: 1,
    max: 128,
    error: CONSTRAINT,
    source: PUT_RECORD,
  },
  unknownStream: {
    operation: 'PutRecord, PutRecords',
    limit: 'A stream that does not exist in the account and Region',
    error: 'ResourceNotFoundException',
    source: PUT_RECORD,
  },
  recordsIn: {
    operation: 'Shard',
    limit: 'Records written in a second',
    max: 1000,
    error: EXCEEDED,
    source: QUOTAS,
  },
  bytesIn: {
    operation: 'Shard',
    limit: 'Bytes written in a second, with partition keys',
    max: MIB,
    error: EXCEEDED,
    source: QUOTAS,
  },
  readsOut: {
    operation: 'Shard',
    limit: 'GetRecords calls in a second of all readers that share it',
    max: 5,
    error: EXCEEDED,
    source: GET_RECORDS,
  },
  bytesOut: {
    operation: 'Shard',
    limit: 'Bytes read in a second by all readers that share it',
    max: 2 * MIB,
    error: EXCEEDED,
    source: GET_RECORDS,
  },
  readRecords: {
    operation: 'GetRecords',
    limit: 'Records of an answer',
    max: 10_000,
    effect: 'The answer ends there',
    source: GET_RECORDS,
  },
  readBytes: {
    operation: 'GetRecords',
    limit: 'Data of an answer, bytes',
    max: 10 * MIB,
    effect: 'The answer ends there',
    source: GET_RECORDS,
  },
  listed: {
    operation: 'ListStreams',
    limit: 'Limit',
    min: 1,
    max: 10_000,
    error: CONSTRAINT,
    source: `${API}/API_ListStreams.html`,
  },
  listPage: {
    operation: 'ListStreams',
    limit: 'Streams of an answer',
    max: 100,
    effect: 'The answer ends there, and has a NextToken',
    source: `${API}/API_ListStreams.html`,
  },
  recordSize: {
    operation: 'CreateStream',
    limit: 'MaxRecordSizeInKiB, KiB',
    min: 1024,
    max: 10_240,
    error: CONSTRAINT,
    source: `${API}/API_CreateStream.html`,
  },
  retention: {
    operation: 'IncreaseStreamRetentionPeriod',
    limit: 'RetentionPeriodHours, hours',
    min: 24,
    max: 8760,
    error: ARGUMENT,
    source: `${API}/API_IncreaseStreamRetentionPeriod.html`,
  },
  expired: {
    operation: 'GetRecords',
    limit: 'A record that is older than the retention period of the stream',
    effect: 'No reader gets it any more',
    source: 'docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html',
  },
});
