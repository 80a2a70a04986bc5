import { FIREHOSE_LIMITS } from '../limits/firehose';
import { enforce, refused } from '../limits/limit';

const LIMITS = FIREHOSE_LIMITS.rows;
const ERROR_TYPE = '!{firehose:error-output-type}';

/** What of an `ExtendedS3DestinationConfiguration` Firehose checks when it creates a delivery stream. */
export interface CheckedDestination {
  readonly Prefix?: string;
  readonly ErrorOutputPrefix?: string;
  readonly CompressionFormat?: string;
  readonly BufferingHints?: { readonly IntervalInSeconds?: number; readonly SizeInMBs?: number };
  readonly DataFormatConversionConfiguration?: { readonly Enabled?: boolean };
  readonly ProcessingConfiguration?: {
    readonly Enabled?: boolean;
    readonly Processors?: readonly {
      readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
    }[];
  };
}

/** Checks a delivery stream to S3 as CreateDeliveryStream does. @throws AwsError for one that it refuses */
export function checkDeliveryStream(name: string, destination: CheckedDestination): void {
  const { BufferingHints = {}, DataFormatConversionConfiguration, CompressionFormat } = destination;
  enforce(LIMITS.name, name.length);
  const converts = DataFormatConversionConfiguration?.Enabled === true;
  const { SizeInMBs, IntervalInSeconds } = BufferingHints;
  if (SizeInMBs !== undefined) enforce(converts ? LIMITS.convertedBufferSize : LIMITS.bufferSize, SizeInMBs);
  if (IntervalInSeconds !== undefined) enforce(LIMITS.bufferSeconds, IntervalInSeconds);
  if (converts && CompressionFormat !== undefined && CompressionFormat !== 'UNCOMPRESSED')
    throw refused(LIMITS.compression);
  checkPrefixes(destination);
  if (destination.ProcessingConfiguration?.Enabled !== true) return;
  const parameters = (destination.ProcessingConfiguration.Processors ?? []).flatMap(
    ({ Parameters = [] }) => Parameters,
  );
  for (const [parameter, limit] of [
    ['BufferSizeInMBs', LIMITS.transformMegabytes],
    ['BufferIntervalInSeconds', LIMITS.transformSeconds],
    ['NumberOfRetries', LIMITS.transformRetries],
  ] as const) {
    const given = parameters.find(({ ParameterName }) => ParameterName === parameter);
    if (given !== undefined) enforce(limit, Number(given.ParameterValue));
  }
}

function checkPrefixes({ Prefix = '', ErrorOutputPrefix }: CheckedDestination): void {
  for (const prefix of [Prefix, ErrorOutputPrefix ?? '']) enforce(LIMITS.prefix, prefix.length);
  const expressions = Prefix.includes('!{');
  if (Prefix.includes(ERROR_TYPE) || (expressions && ErrorOutputPrefix?.includes(ERROR_TYPE) !== true))
    throw refused(LIMITS.errorPrefix);
}
