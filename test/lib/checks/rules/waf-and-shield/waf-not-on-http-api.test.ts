import { wafNotOnHttpApi } from '../../../../../lib/checks/rules/waf-and-shield/waf-not-on-http-api';
import { cases, join, type Literals, PARAMETER, ref } from '../../literal-fixture';

const says = 'WAF cannot be associated with an HTTP API; allowed: CloudFront in front of it, with the web ACL there';
const to = (ResourceArn: unknown, type = 'AWS::ApiGateway::Stage'): Literals => ({
  Association: ['AWS::WAFv2::WebACLAssociation', { ResourceArn }],
  Api: [type, {}],
});

cases(wafNotOnHttpApi, to(ref('Api')), [
  ['compliant', 'it is with a REST API'],
  ['compliant', 'it is with one by its ARN', to('arn:aws:apigateway:eu-west-1::/restapis/a/stages/b')],
  ['violation', 'it is with an HTTP API', to(ref('Api'), 'AWS::ApiGatewayV2::Api'), says],
  ['violation', 'it is with a stage of one', to(ref('Api'), 'AWS::ApiGatewayV2::Stage'), says],
  ['violation', 'it is with one by its ARN', to(join('arn:aws:apigateway:', PARAMETER, '::/apis/a/stages/b')), says],
]);
