import { isRecord } from '../input';
import type { LocalInput } from '../service';
import { invalid } from './errors';

/** Where Bedrock writes what models are asked: one configuration of the account in the region (AWS: LoggingConfig). */
export class InvocationLogging {
  private config?: LocalInput;

  get(): LocalInput {
    return this.config === undefined ? {} : { loggingConfig: this.config };
  }

  put({ loggingConfig }: LocalInput): LocalInput {
    if (!isRecord(loggingConfig))
      throw invalid("Value null at 'loggingConfig' failed to satisfy constraint: Member must not be null");
    const { cloudWatchConfig, s3Config } = loggingConfig;
    if (cloudWatchConfig === undefined && s3Config === undefined)
      throw invalid('The logging configuration must have a CloudWatch or an S3 destination.');
    this.config = loggingConfig;
    return {};
  }

  remove(): LocalInput {
    this.config = undefined;
    return {};
  }
}
