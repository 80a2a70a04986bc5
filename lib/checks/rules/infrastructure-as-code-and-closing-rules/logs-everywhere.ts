import type { TemplateResource } from '../../../template/template-resource';
import { containersOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { isMember } from '../../relational-database';
import { mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

type Check = (resource: TemplateResource, inventory: Inventory) => Verdict;

const stageLogs: Check = (stage) =>
  mustHold(
    stage.has('AccessLogSettings.DestinationArn') || stage.has('AccessLogSetting.DestinationArn'),
    'the API stage does not log its requests',
  );

/** Standard logging, in its old form on the distribution or in its new one beside it. */
const distributionLogs: Check = (distribution, inventory) =>
  mustHold(
    distribution.has('DistributionConfig.Logging.Bucket') ||
      inventory
        .ofType('AWS::Logs::DeliverySource')
        .some((source) => inventory.mentions(source, source.get('ResourceArn'), distribution)),
    'the distribution does not log who asked; allowed: Logging.Bucket, or a DeliverySource',
  );

const loadBalancerLogs: Check = (balancer, inventory) => {
  // What asks an internal one is in the log of who let it in; development does without the second.
  const internal = balancer.literal('Scheme') === 'internal';
  const http = [undefined, 'application'].includes(balancer.literal('Type') as string | undefined);
  if (!http || (internal && !inventory.strict)) return notApplicable;
  const attributes = balancer.maps<{ readonly Key?: string; readonly Value?: unknown }>('LoadBalancerAttributes');
  return mustHold(
    attributes.some(({ Key, Value }) => Key === 'access_logs.s3.enabled' && String(Value) === 'true'),
    'the load balancer does not log its requests; allowed: access_logs.s3.enabled true',
  );
};

const databaseLogs: Check = (database, inventory) => {
  // What a development database logs is on its own disk, too.
  if (isMember(database) || !inventory.strict) return notApplicable;
  return mustHold(
    database.list('EnableCloudwatchLogsExports').length > 0,
    'the database keeps its log to itself; allowed: EnableCloudwatchLogsExports',
  );
};

/** What became of each document is in this log alone (AWS: Bedrock, monitor knowledge bases with CloudWatch Logs). */
const knowledgeBaseLogs: Check = (base, inventory) =>
  inventory.strict
    ? mustHold(
        inventory
          .ofType('AWS::Logs::DeliverySource')
          .some((source) => inventory.mentions(source, source.get('ResourceArn'), base)),
        'the knowledge base does not log what it ingests; allowed: a DeliverySource of its APPLICATION_LOGS',
      )
    : notApplicable;

const CHECKS: Readonly<Record<string, Check>> = {
  'AWS::Bedrock::KnowledgeBase': knowledgeBaseLogs,
  'AWS::StepFunctions::StateMachine': (machine) =>
    mustHold(
      !['OFF', undefined].includes(machine.literal('LoggingConfiguration.Level') as string | undefined),
      'LoggingConfiguration is off',
    ),
  'AWS::Pipes::Pipe': (pipe) =>
    mustHold(pipe.has('LogConfiguration') && pipe.literal('LogConfiguration.Level') !== 'OFF', 'the pipe does not log'),
  'AWS::EC2::VPC': (vpc, inventory) =>
    mustHold(inventory.referrers('AWS::EC2::FlowLog', 'ResourceId', vpc).length > 0, 'the VPC has no flow log'),
  'AWS::ApiGatewayV2::Stage': stageLogs,
  'AWS::ApiGateway::Stage': stageLogs,
  'AWS::CloudFront::Distribution': distributionLogs,
  'AWS::WAFv2::WebACL': (webAcl, inventory) =>
    mustHold(
      inventory.referrers('AWS::WAFv2::LoggingConfiguration', 'ResourceArn', webAcl).length > 0,
      'the web ACL does not log what it refuses; allowed: a LoggingConfiguration',
    ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancerLogs,
  'AWS::RDS::DBCluster': databaseLogs,
  'AWS::RDS::DBInstance': databaseLogs,
  'AWS::ECS::TaskDefinition': (task) =>
    verdict(
      containersOf(task).map(
        ({ Name, LogConfiguration }) =>
          LogConfiguration === undefined && `the container ${Name ?? ''} does not log; allowed: LogConfiguration`,
      ),
    ),
};

export const logsEverywhere: Rule = {
  id: 'logs-everywhere',
  title: 'State machines, APIs, networks, firewalls, databases and containers keep a log',
  why: 'When requests fail or data leaks, there is nothing to look at: a log begins when it is switched on, and what happened before is not in it.',
  fix: 'Switch the log on: LoggingConfiguration of a state machine, AccessLogSettings of a stage, AWS::EC2::FlowLog, AWS::WAFv2::LoggingConfiguration, Logging of a distribution, EnableCloudwatchLogsExports of a database, LogConfiguration of a container.',
  severity: 'warning',
  profile: 'operations',
  address:
    'https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_detect_investigate_events_app_service_logging.html',
  example: {
    fixed: {
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          LoggingConfiguration: {
            Level: 'ERROR',
            Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': ['LogGroup', 'Arn'] } } }],
          },
        },
      },
      Pipe: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          SourceParameters: { SqsQueueParameters: { BatchSize: 10 } },
          LogConfiguration: {
            Level: 'ERROR',
            CloudwatchLogsLogDestination: { LogGroupArn: { 'Fn::GetAtt': ['LogGroup', 'Arn'] } },
          },
        },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          ApiId: { Ref: 'Api' },
          AccessLogSettings: {
            DestinationArn: { 'Fn::GetAtt': ['LogGroup', 'Arn'] },
            Format: '$context.requestId $context.status',
          },
        },
      },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: { DistributionConfig: { Logging: { Bucket: { 'Fn::GetAtt': ['LogBucket', 'DomainName'] } } } },
      },
      WebAcl: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'CLOUDFRONT' } },
      WebAclLog: {
        Type: 'AWS::WAFv2::LoggingConfiguration',
        Properties: {
          ResourceArn: { 'Fn::GetAtt': ['WebAcl', 'Arn'] },
          LogDestinationConfigs: [{ 'Fn::GetAtt': ['LogGroup', 'Arn'] }],
        },
      },
      LoadBalancer: {
        Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.enabled', Value: 'true' }] },
      },
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      FlowLog: {
        Type: 'AWS::EC2::FlowLog',
        Properties: { ResourceId: { Ref: 'Vpc' }, ResourceType: 'VPC', TrafficType: 'ALL' },
      },
      Database: { Type: 'AWS::RDS::DBCluster', Properties: { EnableCloudwatchLogsExports: ['postgresql'] } },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'web',
              LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'LogGroup' } } },
            },
          ],
        },
      },
      LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
    },
    broken: [
      { 'StateMachine.Properties.LoggingConfiguration.Level': 'OFF' },
      { 'StateMachine.Properties.LoggingConfiguration': null },
      { 'Pipe.Properties.LogConfiguration.Level': 'OFF' },
      { 'Stage.Properties.AccessLogSettings': null },
      { 'Distribution.Properties.DistributionConfig.Logging': null },
      { WebAclLog: null },
      { 'LoadBalancer.Properties.LoadBalancerAttributes': null },
      { 'LoadBalancer.Properties.LoadBalancerAttributes.0.Value': 'false' },
      { FlowLog: null },
      { 'Database.Properties.EnableCloudwatchLogsExports': null },
      { 'Task.Properties.ContainerDefinitions.0.LogConfiguration': null },
    ],
  },
  types: Object.keys(CHECKS),
  check: (resource, inventory) => CHECKS[resource.type]?.(resource, inventory) ?? notApplicable,
};
