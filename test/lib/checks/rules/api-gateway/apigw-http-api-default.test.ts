import { apigwHttpApiDefault } from '../../../../../lib/checks/rules/api-gateway/apigw-http-api-default';
import { type Case, cases, ref } from '../../literal-fixture';

const REST = 'AWS::ApiGateway::RestApi';

cases(apigwHttpApiDefault, { Api: ['AWS::ApiGatewayV2::Api', {}] }, [['compliant', 'it is an HTTP API']]);
cases(
  apigwHttpApiDefault,
  { Api: [REST, {}], Method: ['AWS::ApiGateway::Method', { RestApiId: ref('Api'), Integration: {} }] },
  [
    ['violation', 'it uses what an HTTP API has, too', {}, 'three times the price'],
    ...[
      'AWS::ApiGateway::RequestValidator',
      'AWS::ApiGateway::UsagePlan',
      'AWS::ApiGateway::ApiKey',
      'AWS::WAFv2::WebACLAssociation',
    ].flatMap((type): Case[] => [
      ['compliant', `it has a ${type}`, { More: [type, { Name: 'mine', Of: ref('Api') }] }],
      ['violation', `another API has a ${type}`, { More: [type, { Of: ref('Method') }] }, 'uses nothing'],
    ]),
    ['compliant', 'it streams', { 'Method.Integration.ResponseTransferMode': 'STREAM' }],
    ['violation', 'it does not', { 'Method.Integration.ResponseTransferMode': 'BUFFERED' }, 'uses nothing'],
    [
      'violation',
      'another one streams',
      { 'Method.RestApiId': 'other', 'Method.Integration.ResponseTransferMode': 'STREAM' },
      'uses nothing',
    ],
  ],
);
