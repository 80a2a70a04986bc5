import { textOf, UNKNOWN } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import { type ContainerDocument, containersOf, taskOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { endpointsOf, hasWayOut, isPublicSubnet, subnetsIn, vpcOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

const SUBNETS = 'NetworkConfiguration.AwsvpcConfiguration.Subnets';
const PUBLIC_IMAGE = 'a registry on the internet';

/** Where a secret of a container comes from. */
function storeOf(task: TemplateResource, value: unknown, inventory: Inventory): string {
  const parameter = inventory.referent(task, value)?.type === 'AWS::SSM::Parameter' || /:ssm:|^\//.test(textOf(value));
  return parameter ? 'ssm' : 'secretsmanager';
}

/** What ECS itself calls to start a container (AWS: Fargate, task networking without a way out). */
function calledFor(container: ContainerDocument, task: TemplateResource, inventory: Inventory): readonly string[] {
  const { Image, LogConfiguration, Secrets = [] } = container;
  const image = textOf(Image);
  const ours = image.includes('.dkr.ecr.') || image.includes(UNKNOWN);
  return [
    ...(ours ? ['ecr.api', 'ecr.dkr', 's3'] : [PUBLIC_IMAGE]),
    ...(LogConfiguration?.LogDriver === 'awslogs' ? ['logs'] : []),
    ...Secrets.map(({ ValueFrom }) => storeOf(task, ValueFrom, inventory)),
  ];
}

/** Interface endpoints keep AWS API traffic private and off NAT: where there is no NAT, tasks cannot start without. */
export const vpcInterfaceEndpointBreakeven: Rule = {
  id: 'vpc-interface-endpoint-breakeven',
  types: ['AWS::ECS::Service'],
  check: (service, inventory) => {
    const ids = service.list(SUBNETS);
    if (ids.length === 0) return notApplicable;
    const subnets = subnetsIn(service, ids, inventory);
    const shut = subnets.filter((subnet) => !isPublicSubnet(subnet, inventory) && !hasWayOut(subnet, inventory));
    const [first] = shut;
    if (first === undefined) return notApplicable;
    const task = taskOf(service, inventory);
    const called = new Set(containersOf(task).flatMap((container) => calledFor(container, task, inventory)));
    const reached = endpointsOf(vpcOf(first, inventory), inventory).map((endpoint) => endpoint.service);
    const missing = [...called].filter((name) => !reached.includes(name));
    return verdict([
      missing.length > 0 &&
        `there is no NAT gateway, and its tasks cannot reach ${missing.join(', ')}; allowed: an endpoint for each, or a NAT gateway`,
    ]);
  },
};
