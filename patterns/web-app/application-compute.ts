import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import type { IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { IDependable } from 'constructs';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { UploadsBucket } from '../../lib/storage/uploads-bucket';
import type { WebAppData } from './web-app-data';
import type { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/** The application's name in logs, metrics and traces, whatever runs it. */
export const APPLICATION_SERVICE = 'items-api';

/** What runs the application, whatever it is. */
export interface ApplicationCompute {
  /** Where the edge sends requests. */
  readonly origin: IOrigin;
  /** What must be there before a change of the edge. */
  readonly before: readonly IDependable[];
}

/** What the application is made of, for what runs it. */
export interface ComputeProps extends Omit<WebAppProps, 'data' | 'uploads'> {
  readonly foundation: WebAppFoundation;
  readonly data: WebAppData;
  readonly uploads: UploadsBucket;
  /** Whom tokens are for. */
  readonly client: IUserPoolClient;
  readonly alarms: Alarms;
  /** Names that the application asks for, the same for every compute. */
  readonly environment: Readonly<Record<string, string>>;
}
