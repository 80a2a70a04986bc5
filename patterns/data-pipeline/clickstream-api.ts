import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { JwtHttpApi } from '../../lib/api/jwt-http-api';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { UserDirectory } from '../../lib/security/user-directory';
import type { StageSettings } from '../../lib/stage/stage';
import type { EventStream } from '../../lib/streaming/event-stream';
import type { ExistingPipelineResources } from './clickstream-pipeline-props';
import { EVENTS_PATH } from './contract';

/** Props of {@link ClickstreamApi}. */
export interface ClickstreamApiProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly stream: EventStream;
  readonly alarms: Alarms;
  readonly dashboard?: FlowDashboard;
  /** Origins that browsers may send events from. @default - no CORS */
  readonly allowedOrigins?: readonly string[];
  /** @default - a new user pool */
  readonly users?: ExistingPipelineResources['users'];
}

/** The way in by HTTP: API Gateway puts an event into the stream itself, for whoever has a token. */
export class ClickstreamApi extends Construct {
  readonly http: JwtHttpApi;
  /** Undefined when you bring users of your own. */
  readonly users?: UserDirectory;

  /** @throws RefusedValueError for an origin that is not one, or no client. */
  constructor(scope: Construct, id: string, props: ClickstreamApiProps) {
    super(scope, id);
    const { stage, encryptionKey, stream, alarms, dashboard, allowedOrigins } = props;
    let users = props.users;
    if (users === undefined) {
      this.users = new UserDirectory(this, 'Users', { stage });
      users = { userPool: this.users.userPool, clients: [this.users.client] };
    }
    this.http = new JwtHttpApi(this, 'Http', {
      stage,
      encryptionKey,
      userPool: users.userPool,
      userPoolClients: users.clients,
      allowedOrigins,
    });
    this.http.streamRoute(HttpMethod.POST, EVENTS_PATH, stream);
    alarms.watchHttpApi(this.http.api);
    const { httpStage } = this.http;
    dashboard?.addRow({
      title: 'API',
      graphs: {
        Requests: [httpStage.metricCount(), httpStage.metricClientError(), httpStage.metricServerError()],
        'Latency p99': [httpStage.metricLatency({ statistic: 'p99' })],
      },
    });
  }
}
