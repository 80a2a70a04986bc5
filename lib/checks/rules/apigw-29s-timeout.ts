import { notApplicable, type Rule, verdict } from '../rule';

/** Integrations are cut at 29 s, so nothing slower may sit behind a synchronous route. */
export const apigw29sTimeout: Rule = {
  id: 'apigw-29s-timeout',
  types: ['AWS::ApiGatewayV2::Integration', 'AWS::ApiGateway::Method'],
  check: (integration, inventory) => {
    const http = integration.type === 'AWS::ApiGatewayV2::Integration';
    const limit = http ? 30_000 : 29_000;
    const cut = integration.number(http ? 'TimeoutInMillis' : 'Integration.TimeoutInMillis') ?? limit;
    const uri = integration.get(http ? 'IntegrationUri' : 'Integration.Uri');
    if (uri === undefined) return notApplicable;
    const target = inventory.referent(integration, uri);
    const timeout =
      target?.type.startsWith('AWS::Lambda::') === true
        ? (inventory.functionBehind(integration, uri).number('Timeout') ?? 3)
        : 0;
    return verdict([
      cut > limit && `TimeoutInMillis is ${cut}; allowed: at most ${limit}`,
      timeout * 1000 > Math.min(cut, 29_000) &&
        `the function may run ${timeout} s, and the answer is cut off before; allowed: at most 29 s`,
    ]);
  },
};
