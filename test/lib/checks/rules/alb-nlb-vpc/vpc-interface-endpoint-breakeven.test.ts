import { vpcInterfaceEndpointBreakeven } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-interface-endpoint-breakeven';
import { type Case, cases, changed, join, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';
import { vpc } from '../../vpc-fixture';

const endpoint = (service: string): Literal => [
  'AWS::EC2::VPCEndpoint',
  { VpcId: ref('Vpc'), ServiceName: join('com.amazonaws.', PARAMETER, `.${service}`) },
];
const endpoints = Object.fromEntries(
  ['ecr.api', 'ecr.dkr', 's3', 'logs', 'secretsmanager', 'ssm'].map((name) => [name.replace('.', ''), endpoint(name)]),
);
const container = (more: object = {}) => ({
  Image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/api:1',
  LogConfiguration: { LogDriver: 'awslogs' },
  Secrets: [{ Name: 'LOGIN', ValueFrom: ref('Secret') }],
  ...more,
});
const runs = (...containers: object[]) => ({ 'Task.ContainerDefinitions': containers });
const SUBNETS = 'Service.NetworkConfiguration.AwsvpcConfiguration.Subnets';
const service: Literals = {
  Service: [
    'AWS::ECS::Service',
    { TaskDefinition: ref('Task'), NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ref('PrivateA')] } } },
  ],
  Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [container()] }],
  Secret: ['AWS::SecretsManager::Secret', {}],
  Parameter: ['AWS::SSM::Parameter', {}],
  ...changed(vpc, { NatA: undefined, NatB: undefined, OutA: undefined, OutB: undefined }),
  ...endpoints,
};
const lacks = (names: string) =>
  `there is no NAT gateway, and its tasks cannot reach ${names}; allowed: an endpoint for each, or a NAT gateway`;

cases(vpcInterfaceEndpointBreakeven, service, [
  ['compliant', 'each has an endpoint'],
  ...['ecr.api', 'ecr.dkr', 's3', 'logs', 'secretsmanager'].map(
    (name): Case => ['violation', `there is none for ${name}`, { [name.replace('.', '')]: undefined }, lacks(name)],
  ),
  ['violation', 'two are missing', { logs: undefined, s3: undefined }, lacks('s3, logs')],
  ['compliant', 'there is none for what it does not call', { ssm: undefined }],
  [
    'violation',
    'it reads a parameter',
    { ssm: undefined, ...runs(container({ Secrets: [{ ValueFrom: ref('Parameter') }] })) },
    lacks('ssm'),
  ],
  [
    'violation',
    'it reads one by its ARN',
    { ssm: undefined, ...runs(container({ Secrets: [{ ValueFrom: 'arn:aws:ssm:eu-west-1:1:parameter/a' }] })) },
    lacks('ssm'),
  ],
  [
    'violation',
    'it reads one by its name',
    { ssm: undefined, ...runs(container({ Secrets: [{ ValueFrom: '/a' }] })) },
    lacks('ssm'),
  ],
  [
    'compliant',
    'it reads a secret by its ARN',
    {
      ssm: undefined,
      ...runs(container({ Secrets: [{ ValueFrom: 'arn:aws:secretsmanager:eu-west-1:1:secret:a/b' }] })),
    },
  ],
  [
    'compliant',
    'it logs elsewhere',
    { logs: undefined, ...runs(container({ LogConfiguration: { LogDriver: 'fluentd' } })) },
  ],
  ['compliant', 'it reads no secret', { secretsmanager: undefined, ...runs(container({ Secrets: undefined })) }],
  [
    'violation',
    'its image is on the internet',
    runs(container({ Image: 'nginx' })),
    lacks('a registry on the internet'),
  ],
  ['compliant', 'its image is a parameter, and taken for ours', runs(container({ Image: PARAMETER }))],
  [
    'violation',
    'one container of two needs more',
    runs(container(), container({ Image: 'nginx' })),
    lacks('a registry on the internet'),
  ],
  ['not-applicable', 'it has a way out', { OutA: vpc['OutA'], NatA: vpc['NatA'], logs: undefined }],
  ['not-applicable', 'it is public', { [SUBNETS]: [ref('PublicA')], logs: undefined }],
  [
    'violation',
    'one subnet of two is shut',
    { [SUBNETS]: [ref('PublicA'), ref('PrivateB')], logs: undefined },
    lacks('logs'),
  ],
  ['not-applicable', 'it names no subnet', { [SUBNETS]: [] }],
  ['cannot-tell', 'its subnet is elsewhere', { [SUBNETS]: ['subnet-1'] }],
  ['cannot-tell', 'its task is', { 'Service.TaskDefinition': 'theirs' }],
]);
