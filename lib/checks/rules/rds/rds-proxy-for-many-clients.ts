import type { TemplateResource } from '../../../template/template-resource';
import { endpointsHeldBy } from '../../endpoint-holders';
import { mostExecutions } from '../../execution-bound';
import type { Inventory } from '../../inventory';
import { compliant, isDeploymentHelper, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** As many as that need no pool: each holds one connection or two. */
const FEW_EXECUTIONS = 10;

function checkProxy(proxy: TemplateResource, inventory: Inventory): Verdict {
  const pooled = inventory.referrers('AWS::RDS::DBProxyTargetGroup', 'DBProxyName', proxy).length > 0;
  // With IAM from end to end the proxy needs no secret (AWS: RDS Proxy, DefaultAuthScheme).
  const byIam = proxy.literal('DefaultAuthScheme') === 'IAM_AUTH';
  const secrets = proxy.maps<{ readonly SecretArn?: unknown }>('Auth').filter(({ SecretArn }) => SecretArn);
  return verdict([
    !pooled && 'no DBProxyTargetGroup: it leads nowhere',
    !byIam &&
      secrets.length === 0 &&
      'it knows no login; allowed: Auth with a SecretArn, or DefaultAuthScheme IAM_AUTH',
    proxy.flag('RequireTLS') !== true && 'RequireTLS is not true',
  ]);
}

export const rdsProxyForManyClients: Rule = {
  id: 'rds-proxy-for-many-clients',
  title: 'A function that may run more than 10 copies at once reaches its database by a proxy',
  why: 'Each copy of a function holds a connection. A thousand copies use up the connections of a small database, and then every client is refused, the others of the database too.',
  fix: 'Give the function the Endpoint of an AWS::RDS::DBProxy with a DBProxyTargetGroup, RequireTLS and a login, or set ReservedConcurrentExecutions to at most 10.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html',
  example: {
    fixed: {
      Report: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          ReservedConcurrentExecutions: 10,
          Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] } } },
        },
      },
      Web: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Proxy', 'Endpoint'] } } } },
      },
      Database: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
      Proxy: {
        Type: 'AWS::RDS::DBProxy',
        Properties: {
          EngineFamily: 'POSTGRESQL',
          RequireTLS: true,
          Auth: [{ AuthScheme: 'SECRETS', SecretArn: { Ref: 'Secret' } }],
        },
      },
      Pool: {
        Type: 'AWS::RDS::DBProxyTargetGroup',
        Properties: { DBProxyName: { Ref: 'Proxy' }, DBClusterIdentifiers: [{ Ref: 'Database' }] },
      },
    },
    broken: [
      { 'Report.Properties.ReservedConcurrentExecutions': 11 },
      { 'Report.Properties.ReservedConcurrentExecutions': null },
      { 'Web.Properties.Environment.Variables.DB_HOST': { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] } },
      { Pool: null },
      { 'Proxy.Properties.RequireTLS': null },
      { 'Proxy.Properties.Auth': null },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::RDS::DBProxy'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::RDS::DBProxy') return checkProxy(resource, inventory);
    // A custom resource connects once in a deployment.
    if (isDeploymentHelper(resource) || inventory.makesCustomResource(resource)) return notApplicable;
    const held = endpointsHeldBy(resource, inventory).filter(({ kind }) => kind !== 'cache');
    if (held.length === 0) return notApplicable;
    // Development does without: a proxy bills by the hour, and keeps a cluster awake that could pause.
    if (!inventory.strict) return notApplicable;
    const executions = mostExecutions(resource, inventory);
    if (executions !== undefined && executions <= FEW_EXECUTIONS) return compliant;
    return verdict(
      held.map(
        ({ kind, variable, target }) =>
          kind === 'database' &&
          `${variable} leads straight to ${target.logicalId}: each execution environment holds a connection; allowed: the endpoint of a DBProxy, or at most ${FEW_EXECUTIONS} executions at once`,
      ),
    );
  },
};
