import { compliant, mustHold, type Rule } from '../../rule';

/** What only a REST API has. */
const REST_ONLY = [
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::ApiKey',
  'AWS::WAFv2::WebACLAssociation',
];

export const apigwHttpApiDefault: Rule = {
  id: 'apigw-http-api-default',
  title: 'An API is an HTTP API, unless it uses what only a REST API has',
  why: 'A REST API costs $3.50 for a million requests where an HTTP API costs $1.00, and it adds more latency to each.',
  fix: 'Replace AWS::ApiGateway::RestApi by AWS::ApiGatewayV2::Api with ProtocolType HTTP (HttpApi in the CDK), or use the validation, API keys, web ACL or streaming that you chose REST for.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html',
  example: {
    fixed: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP' } },
      Partners: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'partners' } },
      Plan: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: { ApiStages: [{ ApiId: { Ref: 'Partners' }, Stage: 'live' }] },
      },
    },
    broken: [{ Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'orders' } } }, { Plan: null }],
  },
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  check: (api, inventory) => {
    if (api.type === 'AWS::ApiGatewayV2::Api') return compliant;
    const used = inventory
      .ofType(...REST_ONLY)
      .filter((each) => Object.values(each.properties).some((value) => inventory.names(each, value, api)));
    const streams = inventory
      .referrers('AWS::ApiGateway::Method', 'RestApiId', api)
      .some((method) => method.get('Integration.ResponseTransferMode') === 'STREAM');
    return mustHold(
      used.length > 0 || streams,
      'a REST API that uses nothing an HTTP API lacks, at three times the price',
    );
  },
};
