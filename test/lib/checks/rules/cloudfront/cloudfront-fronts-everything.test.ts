import { cloudfrontFrontsEverything } from '../../../../../lib/checks/rules/cloudfront/cloudfront-fronts-everything';
import { att, cases, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';

const SITE = 'AWS::CloudFront::Distribution';
const around = 'it answers to anyone, around CloudFront and its firewall; allowed: ';
const front = (DomainName: unknown, more: object = {}): Literal => [
  SITE,
  { DistributionConfig: { Origins: [{ Id: 'api', DomainName, CustomOriginConfig: {}, ...more }] } },
];
const secret = { OriginCustomHeaders: [{ HeaderName: 'x-secret', HeaderValue: 'a' }] };

const balancer: Literals = {
  Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: [ref('Group')] }],
  Group: ['AWS::EC2::SecurityGroup', { SecurityGroupIngress: [{ SourcePrefixListId: 'pl-1' }] }],
  Listener: ['AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: ref('Balancer') }],
  Header: [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { ListenerArn: ref('Listener'), Conditions: [{ Field: 'http-header' }] },
  ],
  Site: front(att('Balancer', 'DNSName')),
};
const known = `${around}its security group lets in CloudFront's prefix list alone`;
const header = 'a distribution of anyone reaches it; allowed: a listener rule on a secret header';
cases(cloudfrontFrontsEverything, balancer, [
  ['compliant', 'CloudFront alone gets in'],
  ['compliant', 'another group gets in', { 'Group.SecurityGroupIngress.0': { SourceSecurityGroupId: 'sg-1' } }],
  [
    'violation',
    'no distribution is in front',
    { Site: undefined },
    'no distribution is in front of it; allowed: Scheme internal',
  ],
  ['violation', 'the world gets in', { 'Group.SecurityGroupIngress.0': { CidrIp: '0.0.0.0/0' } }, known],
  ['violation', 'the world gets in, too', { 'Group.SecurityGroupIngress.1': { CidrIp: '0.0.0.0/0' } }, known],
  ['violation', 'nothing says who gets in', { 'Group.SecurityGroupIngress': [] }, known],
  ['violation', 'no header is asked for', { Header: undefined }, header],
  ['violation', 'a path is', { 'Header.Conditions.0.Field': 'path-pattern' }, header],
  ['compliant', 'a path is, too', { 'Header.Conditions.1.Field': 'path-pattern' }],
  ['violation', 'another listener asks', { 'Header.ListenerArn': 'other' }, header],
  ['violation', 'the listener is another’s', { 'Listener.LoadBalancerArn': 'other' }, header],
  ['compliant', 'it is internal', { 'Balancer.Scheme': 'internal', Site: undefined }],
  ['violation', 'it is not', { 'Balancer.Scheme': 'internet-facing', Site: undefined }, 'no distribution'],
  ['violation', 'it says what it is', { 'Balancer.Type': 'application', Site: undefined }, 'no distribution'],
  ['not-applicable', 'it is for TCP', { 'Balancer.Type': 'network', Site: undefined }],
  ['cannot-tell', 'its group is elsewhere', { 'Balancer.SecurityGroups': ['sg-1'] }],
  ['cannot-tell', 'a parameter says it', { 'Balancer.Scheme': PARAMETER }],
]);

const http: Literals = {
  Api: ['AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }],
  Route: ['AWS::ApiGatewayV2::Route', { ApiId: ref('Api'), AuthorizationType: 'NONE' }],
};
const rest: Literals = {
  Api: ['AWS::ApiGateway::RestApi', {}],
  Route: ['AWS::ApiGateway::Method', { RestApiId: ref('Api'), HttpMethod: 'GET', AuthorizationType: 'NONE' }],
};
const others = { Site: front('example.com') };
const asked = (kind: string) => ({ 'Route.AuthorizationType': kind });
const noFront = `${around}a distribution in front of it`;
const noSecret = `${around}a secret header of the distribution that it checks (OriginCustomHeaders), or DisableExecuteApiEndpoint`;
for (const api of [http, rest]) {
  cases(cloudfrontFrontsEverything, api, [
    ['violation', 'anyone may call it', {}, noFront],
    ['not-applicable', 'a token is asked for', asked('JWT')],
    [
      'not-applicable',
      'another API is open',
      { ...asked('JWT'), Open: [api['Route']?.[0] ?? '', { ApiId: 'other', RestApiId: 'other' }] },
    ],
    [
      'violation',
      'a signature is, by one route of two, and a site is beside',
      {
        ...asked('JWT'),
        ...others,
        More: [api['Route']?.[0] ?? '', { ...api['Route']?.[1], AuthorizationType: 'AWS_IAM' }],
      },
      noFront,
    ],
    ['violation', 'a token is, and a site is beside', { ...asked('JWT'), ...others }, noFront],
    ['not-applicable', 'a signature is, and a site is beside', { ...asked('AWS_IAM'), ...others }],
    ['violation', 'nothing is said', { 'Route.AuthorizationType': undefined }, noFront],
    ['violation', 'it has no route', { Route: undefined }, noFront],
    ['compliant', 'it has no address of its own', { 'Api.DisableExecuteApiEndpoint': 'true' }],
    ['compliant', 'a distribution has a secret', { Site: front(att('Api', 'ApiEndpoint'), secret) }],
    ['violation', 'a distribution has none', { Site: front(att('Api', 'ApiEndpoint')) }, noSecret],
    ['violation', 'a list of none', { Site: front(att('Api', 'ApiEndpoint'), { OriginCustomHeaders: [] }) }, noSecret],
    [
      'violation',
      'one of two has none',
      { Site: front(att('Api', 'ApiEndpoint'), secret), More: front(att('Api', 'ApiEndpoint')) },
      noSecret,
    ],
    [
      'compliant',
      'it has none, and no address',
      { Site: front(att('Api', 'ApiEndpoint')), 'Api.DisableExecuteApiEndpoint': true },
    ],
    ['cannot-tell', 'a parameter says it', asked(PARAMETER as never)],
  ]);
}
cases(cloudfrontFrontsEverything, http, [['not-applicable', 'it is for sockets', { 'Api.ProtocolType': 'WEBSOCKET' }]]);
cases(cloudfrontFrontsEverything, rest, [
  ['not-applicable', 'it is private', { 'Api.EndpointConfiguration': { Types: ['PRIVATE'] } }],
  ['violation', 'it is regional', { 'Api.EndpointConfiguration': { Types: ['REGIONAL'] } }, noFront],
  [
    'not-applicable',
    'what is open is a preflight request',
    {
      ...asked('COGNITO_USER_POOLS'),
      Preflight: [
        'AWS::ApiGateway::Method',
        { RestApiId: ref('Api'), HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' },
      ],
    },
  ],
]);

const signed = `${around}AuthType AWS_IAM, with an origin access control`;
cases(cloudfrontFrontsEverything, { Url: ['AWS::Lambda::Url', { AuthType: 'NONE' }] }, [
  ['violation', 'anyone may call it', {}, signed],
  ['compliant', 'a signature is asked for', { 'Url.AuthType': 'AWS_IAM' }],
  ['compliant', 'a distribution has a secret', { Site: front(att('Url', 'FunctionUrl'), secret) }],
  ['violation', 'a distribution has none', { Site: front(att('Url', 'FunctionUrl')) }, signed],
  ['violation', 'one of two has none', { Site: front(att('Url'), secret), More: front(att('Url')) }, signed],
]);
