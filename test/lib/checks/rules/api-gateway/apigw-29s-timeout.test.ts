import { apigw29sTimeout } from '../../../../../lib/checks/rules/api-gateway/apigw-29s-timeout';
import { att, bounds, cases, changed, join, type Literals, PARAMETER, ref } from '../../literal-fixture';

const FN = 'AWS::Lambda::Function';
const HTTP = 'AWS::ApiGatewayV2::Integration';
const REST = 'AWS::ApiGateway::Method';
const cutOff = 'and the answer is cut off before; allowed: at most 29 s';

const url: Literals = { Integration: [HTTP, { IntegrationUri: 'https://example.com' }] };
const http: Literals = { Integration: [HTTP, { IntegrationUri: att('Fn') }], Fn: [FN, {}] };
const method = (Integration: object): Literals => ({
  Method: [REST, { Integration: { Uri: join('arn:', att('Fn'), '/invocations'), ...Integration } }],
  Fn: [FN, {}],
});
const streaming = { ResponseTransferMode: 'STREAM' };

bounds(apigw29sTimeout, url, 'Integration.TimeoutInMillis', { max: 30_000, unset: 'compliant', says: 'at most 30000' });
bounds(apigw29sTimeout, http, 'Fn.Timeout', { max: 29, unset: 'compliant', says: cutOff });
const rest = changed(method({}), { 'Fn.Timeout': 0 });
bounds(apigw29sTimeout, rest, 'Method.Integration.TimeoutInMillis', {
  max: 29_000,
  unset: 'compliant',
  says: 'at most 29000',
});
bounds(apigw29sTimeout, method({}), 'Fn.Timeout', { max: 29, unset: 'compliant', says: cutOff });
const streamed = changed(method(streaming), { 'Fn.Timeout': 0 });
bounds(apigw29sTimeout, streamed, 'Method.Integration.TimeoutInMillis', {
  max: 900_000,
  says: 'allowed: at most 900000',
});
bounds(apigw29sTimeout, method(streaming), 'Fn.Timeout', { max: 29, unset: 'compliant', says: cutOff });
bounds(apigw29sTimeout, method({ ...streaming, TimeoutInMillis: 60_000 }), 'Fn.Timeout', {
  max: 60,
  says: 'allowed: at most 60 s',
});

cases(apigw29sTimeout, http, [
  ['compliant', 'a function that does not say takes three seconds', { 'Integration.TimeoutInMillis': 3000 }],
  ['violation', 'it has less', { 'Integration.TimeoutInMillis': 2999 }, 'may run 3 s'],
  ['not-applicable', 'it leads nowhere', { 'Integration.IntegrationUri': undefined }],
  [
    'violation',
    'the function is behind an alias',
    {
      'Integration.IntegrationUri': ref('Alias'),
      Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }],
      'Fn.Timeout': 30,
    },
    'may run 30 s',
  ],
  ['violation', 'both are too long', { 'Integration.TimeoutInMillis': 30_001, 'Fn.Timeout': 30 }, ['30001', '30 s']],
  ['compliant', 'what it leads to is no function', { Fn: ['AWS::SQS::Queue', { Timeout: 900 }] }],
]);
cases(apigw29sTimeout, method({}), [
  ['not-applicable', 'it has no address', { 'Method.Integration.Uri': undefined }],
  ['cannot-tell', 'a parameter says whether it streams', { 'Method.Integration.ResponseTransferMode': PARAMETER }],
  ['violation', 'it streams not', { 'Method.Integration.TimeoutInMillis': 60_000 }, '60000; allowed: at most 29000'],
]);
