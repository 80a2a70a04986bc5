import { compliant, mustHold, type Rule } from '../../rule';

/** What only a REST API has. */
const REST_ONLY = [
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::ApiKey',
  'AWS::WAFv2::WebACLAssociation',
];

/** HTTP API is the right default; REST only for features HTTP lacks. */
export const apigwHttpApiDefault: Rule = {
  id: 'apigw-http-api-default',
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  check: (api, inventory) => {
    if (api.type === 'AWS::ApiGatewayV2::Api') return compliant;
    const used = inventory
      .ofType(...REST_ONLY)
      .filter((each) => Object.values(each.properties).some((value) => inventory.names(each, value, api)));
    const streams = inventory
      .ofType('AWS::ApiGateway::Method')
      .filter((method) => inventory.names(method, method.get('RestApiId'), api))
      .some((method) => method.get('Integration.ResponseTransferMode') === 'STREAM');
    return mustHold(
      used.length > 0 || streams,
      'a REST API that uses nothing an HTTP API lacks, at three times the price',
    );
  },
};
