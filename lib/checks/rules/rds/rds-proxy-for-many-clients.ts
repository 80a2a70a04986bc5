import type { TemplateResource } from '../../../template/template-resource';
import { endpointsHeldBy } from '../../endpoint-holders';
import { mostExecutions } from '../../execution-bound';
import type { Inventory } from '../../inventory';
import { compliant, isDeploymentHelper, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** As many as that need no pool: each holds one connection or two. */
const FEW_EXECUTIONS = 10;

function checkProxy(proxy: TemplateResource, inventory: Inventory): Verdict {
  const pooled = inventory
    .ofType('AWS::RDS::DBProxyTargetGroup')
    .some((group) => inventory.names(group, group.get('DBProxyName'), proxy));
  // With IAM from end to end the proxy needs no secret (AWS: RDS Proxy, DefaultAuthScheme).
  const byIam = proxy.literal('DefaultAuthScheme') === 'IAM_AUTH';
  const secrets = (proxy.list('Auth') as { readonly SecretArn?: unknown }[]).filter(({ SecretArn }) => SecretArn);
  return verdict([
    !pooled && 'no DBProxyTargetGroup: it leads nowhere',
    !byIam &&
      secrets.length === 0 &&
      'it knows no login; allowed: Auth with a SecretArn, or DefaultAuthScheme IAM_AUTH',
    proxy.flag('RequireTLS') !== true && 'RequireTLS is not true',
  ]);
}

/** Thousands of Lambda/container connections need RDS Proxy pooling. */
export const rdsProxyForManyClients: Rule = {
  id: 'rds-proxy-for-many-clients',
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
