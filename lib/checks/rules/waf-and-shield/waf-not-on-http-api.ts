import { mustHold, type Rule } from '../../rule';

/** WAF cannot attach to an HTTP API, so the default API type needs CloudFront in front. */
export const wafNotOnHttpApi: Rule = {
  id: 'waf-not-on-http-api',
  types: ['AWS::WAFv2::WebACLAssociation'],
  check: (association, inventory) => {
    const value = association.get('ResourceArn');
    const api = inventory.referent(association, value);
    const http =
      api?.type === 'AWS::ApiGatewayV2::Api' ||
      api?.type === 'AWS::ApiGatewayV2::Stage' ||
      JSON.stringify(value).includes('/apis/');
    return mustHold(
      !http,
      'WAF cannot be associated with an HTTP API; allowed: CloudFront in front of it, with the web ACL there',
    );
  },
};
