import {
  HttpIntegrationSubtype,
  HttpIntegrationType,
  HttpRouteIntegration,
  type HttpRouteIntegrationBindOptions,
  type HttpRouteIntegrationConfig,
  IntegrationCredentials,
  ParameterMapping,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { inlinePolicyReasons } from '../compute/handler-function';
import type { EventStream } from '../streaming/event-stream';
import { acknowledge } from '../validation/explain';

/**
 * What a client puts into the body of a request. API Gateway looks for it in the first 100 KB of the body only (AWS:
 * http-api-develop-integrations-aws-services), which is a record of 70 KB in base64: larger ones go to the stream by the SDK.
 */
export const StreamRequestBody = {
  /** The partition key. */
  key: 'key',
  /** The record in base64: the integration takes a value of the body as it is, and PutRecord takes bytes in base64. */
  data: 'data',
} as const;

/**
 * Puts the record in a request's body straight into a stream: no function in between, so none to pay, to wait for or to fail.
 * API Gateway answers what Kinesis does, 400 for a body without the record or its key, or 500 for what Kinesis refuses.
 */
export class StreamIntegration extends HttpRouteIntegration {
  constructor(
    id: string,
    private readonly stream: EventStream,
  ) {
    super(id);
  }

  override bind({ scope }: HttpRouteIntegrationBindOptions): HttpRouteIntegrationConfig {
    const role = new Role(scope, 'PutRecordRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    this.stream.grantPut(role);
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    return {
      type: HttpIntegrationType.AWS_PROXY,
      subtype: HttpIntegrationSubtype.KINESIS_PUT_RECORD,
      payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
      credentials: IntegrationCredentials.fromRole(role),
      parameterMapping: new ParameterMapping()
        .custom('StreamName', this.stream.stream.streamName)
        .custom('Data', `$request.body.${StreamRequestBody.data}`)
        .custom('PartitionKey', `$request.body.${StreamRequestBody.key}`),
    };
  }
}
