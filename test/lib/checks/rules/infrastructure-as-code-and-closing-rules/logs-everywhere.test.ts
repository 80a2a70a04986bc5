import { logsEverywhere } from '../../../../../lib/checks/rules/infrastructure-as-code-and-closing-rules/logs-everywhere';
import { att, cases, join, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';

for (const [type, settings] of [
  ['AWS::ApiGatewayV2::Stage', 'AccessLogSettings'],
  ['AWS::ApiGateway::Stage', 'AccessLogSetting'],
] as const) {
  cases(logsEverywhere, { Stage: [type, { [settings]: { DestinationArn: 'arn' } }] }, [
    ['compliant', 'requests are logged'],
    ['violation', 'they are not', { [`Stage.${settings}`]: undefined }, 'the API stage does not log its requests'],
  ]);
}

const source: Literal = ['AWS::Logs::DeliverySource', { ResourceArn: join('arn:', ref('It')) }];
const site = 'the distribution does not log who asked; allowed: Logging.Bucket, or a DeliverySource';
cases(logsEverywhere, { It: ['AWS::CloudFront::Distribution', {}], Source: source }, [
  ['compliant', 'requests are delivered'],
  ['violation', 'those of another are', { 'Source.ResourceArn': 'other' }, site],
  ['violation', 'none is', { Source: undefined }, site],
  ['compliant', 'they are logged the old way', { Source: undefined, 'It.DistributionConfig.Logging.Bucket': 'logs' }],
]);

const base = 'the knowledge base does not log what it ingests';
cases(logsEverywhere, { It: ['AWS::Bedrock::KnowledgeBase', {}], Source: source }, [
  ['compliant', 'what it takes in is logged'],
  ['violation', 'that of another is', { 'Source.ResourceArn': 'other' }, base],
  ['violation', 'nothing is', { Source: undefined }, base],
  ['not-applicable', 'in development', { Source: undefined }, { strict: false }],
]);

const attribute = (Value: unknown, Key = 'access_logs.s3.enabled') => ({
  LoadBalancerAttributes: [
    { Key: 'a', Value: 'b' },
    { Key, Value },
  ],
});
const balancer = (properties: object): Literals => ({
  Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', properties],
});
const silent = 'the load balancer does not log its requests; allowed: access_logs.s3.enabled true';
cases(logsEverywhere, balancer(attribute('true')), [
  ['compliant', 'requests are logged'],
  ['compliant', 'they are, by a switch', balancer(attribute(true))],
  ['violation', 'they are not', balancer(attribute('false')), silent],
  ['violation', 'another attribute is on', balancer(attribute('true', 'deletion_protection.enabled')), silent],
  ['violation', 'it says nothing', balancer({}), silent],
  ['violation', 'it is for requests', balancer({ Type: 'application' }), silent],
  ['not-applicable', 'it is for TCP', balancer({ Type: 'network' })],
  ['violation', 'it is internal', balancer({ Scheme: 'internal' }), silent],
  ['not-applicable', 'it is internal, in development', balancer({ Scheme: 'internal' }), { strict: false }],
  ['violation', 'it is not, in development', balancer({ Scheme: 'internet-facing' }), silent, { strict: false }],
]);

for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']) {
  cases(logsEverywhere, { Database: [type, { EnableCloudwatchLogsExports: ['postgresql'] }] }, [
    ['compliant', 'it exports its log'],
    [
      'violation',
      'it does not',
      { 'Database.EnableCloudwatchLogsExports': [] },
      'the database keeps its log to itself',
    ],
    ['not-applicable', 'in development', { 'Database.EnableCloudwatchLogsExports': [] }, { strict: false }],
    ['cannot-tell', 'a parameter says it', { 'Database.EnableCloudwatchLogsExports': PARAMETER }],
  ]);
}
cases(logsEverywhere, { Database: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'its' }] }, [
  ['not-applicable', 'its cluster says it'],
]);

const LEVEL = 'Machine.LoggingConfiguration.Level';
cases(logsEverywhere, { Machine: ['AWS::StepFunctions::StateMachine', { LoggingConfiguration: { Level: 'ERROR' } }] }, [
  ['compliant', 'it logs errors'],
  ['violation', 'it logs nothing', { [LEVEL]: 'OFF' }, 'LoggingConfiguration is off'],
  ['violation', 'it says nothing', { [LEVEL]: undefined }, 'LoggingConfiguration is off'],
  ['cannot-tell', 'a parameter says it', { [LEVEL]: PARAMETER }],
]);
cases(logsEverywhere, { Pipe: ['AWS::Pipes::Pipe', { LogConfiguration: { Level: 'ERROR' } }] }, [
  ['compliant', 'it logs errors'],
  ['violation', 'it says nothing', { 'Pipe.LogConfiguration': undefined }, 'the pipe does not log'],
  ['violation', 'it logs nothing', { 'Pipe.LogConfiguration.Level': 'OFF' }, 'the pipe does not log'],
]);
cases(logsEverywhere, { Vpc: ['AWS::EC2::VPC', {}], Flow: ['AWS::EC2::FlowLog', { ResourceId: ref('Vpc') }] }, [
  ['compliant', 'its flows are logged'],
  ['violation', 'they are not', { Flow: undefined }, 'the VPC has no flow log'],
  ['violation', 'those of another are', { 'Flow.ResourceId': 'other' }, 'the VPC has no flow log'],
]);
cases(
  logsEverywhere,
  { Acl: ['AWS::WAFv2::WebACL', {}], Logging: ['AWS::WAFv2::LoggingConfiguration', { ResourceArn: att('Acl') }] },
  [
    ['compliant', 'what it refuses is logged'],
    ['violation', 'it is not', { Logging: undefined }, 'the web ACL does not log what it refuses'],
    ['violation', 'what another refuses is', { 'Logging.ResourceArn': 'other' }, 'the web ACL does not log'],
  ],
);
cases(
  logsEverywhere,
  { Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'api', LogConfiguration: {} }] }] },
  [
    ['compliant', 'its container logs'],
    [
      'violation',
      'one of two does not',
      { 'Task.ContainerDefinitions.1': { Name: 'web' } },
      'the container web does not log',
    ],
    ['violation', 'one without a name does not', { 'Task.ContainerDefinitions.1': {} }, 'the container  does not log'],
  ],
);
