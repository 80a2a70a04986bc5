import { limitTable } from './limit';

const API = 'docs.aws.amazon.com/firehose/latest/APIReference';
const GUIDE = 'docs.aws.amazon.com/firehose/latest/dev';
const TRANSFORM = `${GUIDE}/data-transformation.html`;
const HINTS = `${API}/API_BufferingHints.html`;
const CONVERSION = `${GUIDE}/enable-record-format-conversion.html`;
const PREFIXES = `${GUIDE}/s3-prefixes.html`;
const INVALID = 'InvalidArgumentException';

/** What Data Firehose refuses. */
export const FIREHOSE_LIMITS = limitTable('Data Firehose', {
  name: {
    operation: 'CreateDeliveryStream',
    limit: 'DeliveryStreamName, characters',
    min: 1,
    max: 64,
    error: INVALID,
    source: `${API}/API_CreateDeliveryStream.html`,
  },
  bufferSize: {
    operation: 'CreateDeliveryStream',
    limit: 'BufferingHints.SizeInMBs',
    min: 1,
    max: 128,
    error: INVALID,
    source: HINTS,
  },
  convertedBufferSize: {
    operation: 'CreateDeliveryStream with record format conversion',
    limit: 'BufferingHints.SizeInMBs',
    min: 64,
    max: 128,
    error: INVALID,
    source: CONVERSION,
  },
  bufferSeconds: {
    operation: 'CreateDeliveryStream',
    limit: 'BufferingHints.IntervalInSeconds, seconds',
    min: 0,
    max: 900,
    error: INVALID,
    source: HINTS,
  },
  compression: {
    operation: 'CreateDeliveryStream with record format conversion',
    limit: 'A CompressionFormat other than UNCOMPRESSED: the serializer compresses',
    error: INVALID,
    source: CONVERSION,
  },
  transformMegabytes: {
    operation: 'CreateDeliveryStream with a function',
    limit: 'BufferSizeInMBs',
    min: 0.2,
    max: 3,
    error: INVALID,
    source: TRANSFORM,
  },
  transformSeconds: {
    operation: 'CreateDeliveryStream with a function',
    limit: 'BufferIntervalInSeconds, seconds',
    min: 0,
    max: 900,
    error: INVALID,
    source: TRANSFORM,
  },
  transformRetries: {
    operation: 'CreateDeliveryStream with a function',
    limit: 'NumberOfRetries',
    min: 0,
    max: 300,
    error: INVALID,
    source: `${API}/API_ProcessorParameter.html`,
  },
  transformTime: {
    operation: 'Transformation',
    limit: 'Time that the function takes, milliseconds',
    max: 300_000,
    effect: 'The invocation counts as failed, and is tried again',
    source: TRANSFORM,
  },
  prefix: {
    operation: 'CreateDeliveryStream',
    limit: 'Prefix and ErrorOutputPrefix, characters',
    max: 1024,
    error: INVALID,
    source: `${API}/API_ExtendedS3DestinationConfiguration.html`,
  },
  errorPrefix: {
    operation: 'CreateDeliveryStream with expressions in Prefix',
    limit: 'An ErrorOutputPrefix without !{firehose:error-output-type}, or a Prefix with it',
    error: INVALID,
    source: PREFIXES,
  },
});
