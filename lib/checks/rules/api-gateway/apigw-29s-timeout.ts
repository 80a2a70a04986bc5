import { notApplicable, type Rule, verdict } from '../../rule';

const HTTP_LIMIT = 30_000;
const REST_LIMIT = 29_000;
/** AWS: API Gateway, response streaming: how long an answer may stream. */
const STREAM_LIMIT = 900_000;

/**
 * Integrations are cut at 29 s, so nothing slower may sit behind a synchronous route. What a REST API streams may take 15 minutes,
 * and no longer than its integration says.
 */
export const apigw29sTimeout: Rule = {
  id: 'apigw-29s-timeout',
  title: 'What an API waits for ends within 29 seconds',
  why: 'API Gateway answers 503 or 504 when an integration takes longer, while the function runs on and is billed. The client then tries again, and the work is done twice.',
  fix: 'Set the Timeout of the function to at most 29 and TimeoutInMillis to at most 30000 (HTTP API) or 29000 (REST API); answer 202 and do longer work behind a queue.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html',
  example: {
    fixed: {
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
          TimeoutInMillis: 30_000,
        },
      },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          HttpMethod: 'GET',
          Integration: { Uri: { 'Fn::GetAtt': ['Function', 'Arn'] }, TimeoutInMillis: 29_000 },
        },
      },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 29 } },
    },
    broken: [
      { 'Function.Properties.Timeout': 30 },
      { 'Integration.Properties.TimeoutInMillis': 30_001 },
      { 'Method.Properties.Integration.TimeoutInMillis': 29_001 },
      { 'Method.Properties.Integration.TimeoutInMillis': 28_999 },
    ],
  },
  types: ['AWS::ApiGatewayV2::Integration', 'AWS::ApiGateway::Method'],
  check: (integration, inventory) => {
    const http = integration.type === 'AWS::ApiGatewayV2::Integration';
    const streams = !http && integration.literal('Integration.ResponseTransferMode') === 'STREAM';
    const limit = http ? HTTP_LIMIT : streams ? STREAM_LIMIT : REST_LIMIT;
    // What streams is cut at 29 s, too, unless it says how long it takes.
    const cut =
      integration.number(http ? 'TimeoutInMillis' : 'Integration.TimeoutInMillis') ?? (http ? HTTP_LIMIT : REST_LIMIT);
    const uri = integration.get(http ? 'IntegrationUri' : 'Integration.Uri');
    if (uri === undefined) return notApplicable;
    const target = inventory.referent(integration, uri);
    const timeout =
      target?.type.startsWith('AWS::Lambda::') === true
        ? (inventory.functionBehind(integration, uri).number('Timeout') ?? 3)
        : 0;
    const longest = streams ? cut : Math.min(cut, REST_LIMIT);
    return verdict([
      cut > limit && `TimeoutInMillis is ${cut}; allowed: at most ${limit}`,
      timeout * 1000 > longest &&
        `the function may run ${timeout} s, and the answer is cut off before; allowed: at most ${longest / 1000} s`,
    ]);
  },
};
