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

export const vpcInterfaceEndpointBreakeven: Rule = {
  id: 'vpc-interface-endpoint-breakeven',
  title: 'Tasks in subnets without a NAT gateway have an endpoint for each service that starts them',
  why: 'Before a container starts, ECS fetches its image and its secrets, and opens its log. Without a NAT gateway or an endpoint for each of these, no task ever starts.',
  fix: 'Add interface endpoints for ecr.api, ecr.dkr, logs and what holds the secrets, and the gateway endpoint for s3; or add a NAT gateway, which costs less than five endpoints in a zone.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html',
  example: {
    fixed: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Isolated: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: { Ref: 'Task' },
          NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'Isolated' }] } },
        },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'api',
              Image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1',
              LogConfiguration: { LogDriver: 'awslogs' },
            },
          ],
        },
      },
      EcrApi: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.eu-west-1.ecr.api',
        },
      },
      EcrDkr: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.eu-west-1.ecr.dkr',
        },
      },
      Logs: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.eu-west-1.logs',
        },
      },
      S3: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.eu-west-1.s3',
        },
      },
    },
    broken: [
      { EcrApi: null },
      { EcrDkr: null },
      { Logs: null },
      { S3: null },
      { 'Task.Properties.ContainerDefinitions.0.Image': 'public.ecr.aws/nginx/nginx:latest' },
      {
        'Task.Properties.ContainerDefinitions.0.Secrets': [
          { Name: 'PASSWORD', ValueFrom: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:password-AbCdEf' },
        ],
      },
    ],
  },
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
