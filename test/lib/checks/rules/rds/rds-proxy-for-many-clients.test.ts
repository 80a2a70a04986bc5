import { rdsProxyForManyClients } from '../../../../../lib/checks/rules/rds/rds-proxy-for-many-clients';
import { att, bounds, cases, type Literals, mustBe, ref } from '../../literal-fixture';

const fn: Literals = {
  Fn: [
    'AWS::Lambda::Function',
    { ReservedConcurrentExecutions: 10, Environment: { Variables: { HOST: att('Data', 'Endpoint.Address') } } },
  ],
  Data: ['AWS::RDS::DBCluster', {}],
};
const straight =
  'HOST leads straight to Data: each execution environment holds a connection; allowed: the endpoint of a DBProxy, or at most 10';
const many = { 'Fn.ReservedConcurrentExecutions': undefined };

bounds(rdsProxyForManyClients, fn, 'Fn.ReservedConcurrentExecutions', {
  max: 10,
  unset: 'violation',
  says: straight,
  named: false,
});
cases(rdsProxyForManyClients, fn, [
  [
    'compliant',
    'it asks a proxy',
    { ...many, Data: ['AWS::RDS::DBProxy', {}], 'Fn.Environment.Variables.HOST': att('Data', 'Endpoint') },
  ],
  ['not-applicable', 'it asks a cache', { ...many, Data: ['AWS::ElastiCache::ServerlessCache', {}] }],
  ['not-applicable', 'it asks nothing', { ...many, 'Fn.Environment': undefined }],
  ['not-applicable', 'in development', many, { strict: false }],
  ['not-applicable', 'CDK runs it', { ...many, 'Fn.Handler': 'framework.onEvent' }],
  ['not-applicable', 'it makes a custom resource', { ...many, It: ['Custom::It', { ServiceToken: att('Fn') }] }],
]);

const proxy: Literals = {
  Proxy: ['AWS::RDS::DBProxy', { RequireTLS: true, Auth: [{ SecretArn: 'arn' }] }],
  Group: ['AWS::RDS::DBProxyTargetGroup', { DBProxyName: ref('Proxy') }],
};
const login = 'it knows no login; allowed: Auth with a SecretArn, or DefaultAuthScheme IAM_AUTH';
mustBe(rdsProxyForManyClients, proxy, 'Proxy.RequireTLS', true, 'RequireTLS is not true', 'violation');
cases(rdsProxyForManyClients, proxy, [
  ['compliant', 'it pools'],
  ['violation', 'it leads nowhere', { Group: undefined }, 'no DBProxyTargetGroup: it leads nowhere'],
  ['violation', 'another pools', { 'Group.DBProxyName': 'other' }, 'it leads nowhere'],
  ['violation', 'it knows no login', { 'Proxy.Auth': undefined }, login],
  ['violation', 'it knows no secret', { 'Proxy.Auth': [{ AuthScheme: 'SECRETS' }] }, login],
  ['compliant', 'IAM lets in', { 'Proxy.Auth': undefined, 'Proxy.DefaultAuthScheme': 'IAM_AUTH' }],
  ['violation', 'IAM does not', { 'Proxy.Auth': undefined, 'Proxy.DefaultAuthScheme': 'NONE' }, login],
]);
