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
