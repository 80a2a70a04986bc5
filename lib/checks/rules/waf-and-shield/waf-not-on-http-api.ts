import { mustHold, type Rule } from '../../rule';

export const wafNotOnHttpApi: Rule = {
  id: 'waf-not-on-http-api',
  title: 'A web ACL is attached to a REST API, a load balancer or CloudFront, and not to an HTTP API',
  why: 'WAF cannot be attached to an HTTP API: the deployment fails, and the API has no firewall of its own.',
  fix: 'Put a CloudFront distribution with the web ACL in front of the HTTP API, or make it a REST API, AWS::ApiGateway::RestApi.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html',
  example: {
    fixed: {
      Association: {
        Type: 'AWS::WAFv2::WebACLAssociation',
        Properties: {
          ResourceArn: {
            'Fn::Join': ['', ['arn:aws:apigateway:us-east-1::/restapis/', { Ref: 'RestApi' }, '/stages/prod']],
          },
          WebACLArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] },
        },
      },
      RestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'orders' } },
      HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP' } },
    },
    broken: [
      {
        'Association.Properties.ResourceArn': {
          'Fn::Join': ['', ['arn:aws:apigateway:us-east-1::/apis/', { Ref: 'HttpApi' }, '/stages/$default']],
        },
      },
      { 'Association.Properties.ResourceArn': 'arn:aws:apigateway:us-east-1::/apis/a1b2c3d4/stages/$default' },
    ],
  },
  types: ['AWS::WAFv2::WebACLAssociation'],
  check: (association, inventory) => {
    const value = association.get('ResourceArn');
    const api = inventory.referent(association, value);
    const http =
      api?.type === 'AWS::ApiGatewayV2::Api' ||
      api?.type === 'AWS::ApiGatewayV2::Stage' ||
      JSON.stringify(value ?? '').includes('/apis/');
    return mustHold(
      !http,
      'WAF cannot be associated with an HTTP API; allowed: CloudFront in front of it, with the web ACL there',
    );
  },
};
