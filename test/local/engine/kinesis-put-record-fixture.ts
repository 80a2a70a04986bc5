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
import type { Stream } from 'aws-cdk-lib/aws-kinesis';

/** An integration that puts `{ key, data }` straight into a stream, as a template of a user may have it. */
export class KinesisPutRecord extends HttpRouteIntegration {
  constructor(
    id: string,
    private readonly stream: Stream,
  ) {
    super(id);
  }

  override bind({ scope }: HttpRouteIntegrationBindOptions): HttpRouteIntegrationConfig {
    const role = new Role(scope, 'PutRecordRole', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    this.stream.grantWrite(role);
    return {
      type: HttpIntegrationType.AWS_PROXY,
      subtype: HttpIntegrationSubtype.KINESIS_PUT_RECORD,
      payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
      credentials: IntegrationCredentials.fromRole(role),
      parameterMapping: new ParameterMapping()
        .custom('StreamName', this.stream.streamName)
        .custom('Data', '$request.body.data')
        .custom('PartitionKey', '$request.body.key'),
    };
  }
}
