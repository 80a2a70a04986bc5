import type { TemplateDocument } from '../assembly/resolved-template';

/** Types that the engine runs: data passes through them. */
const RUN = new Set([
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Bedrock::DataSource',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::CloudWatch::Alarm',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::DynamoDB::Table',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Glue::Table',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::Logs::MetricFilter',
  'AWS::Pipes::Pipe',
  'AWS::S3::Bucket',
  'AWS::Scheduler::Schedule',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::StepFunctions::StateMachine',
]);

/** Types that no data passes through, and what they are. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'what works at deployment only',
  'AWS::ApiGateway::Deployment': 'what works at deployment only',
  'AWS::Athena::NamedQuery': 'queries (ask the lake with any SQL engine)',
  'AWS::Athena::WorkGroup': 'queries (ask the lake with any SQL engine)',
  'AWS::Bedrock::Guardrail': 'guardrails (the model that stands in plays what a test asks of it)',
  'AWS::Bedrock::GuardrailVersion': 'guardrails (the model that stands in plays what a test asks of it)',
  'AWS::Budgets::Budget': 'bills',
  'AWS::CertificateManager::Certificate': 'names and certificates',
  'AWS::CloudFront::Distribution': 'an edge (local/edge plays it)',
  'AWS::CloudFront::Function': 'an edge (local/edge plays it)',
  'AWS::CloudFront::OriginAccessControl': 'an edge (local/edge plays it)',
  'AWS::CloudFront::ResponseHeadersPolicy': 'an edge (local/edge plays it)',
  'AWS::CloudFront::VpcOrigin': 'an edge (local/edge plays it)',
  'AWS::CloudWatch::Dashboard': 'dashboards',
  'AWS::Cognito::ManagedLoginBranding': 'a login (local/aws/login-server.ts plays it)',
  'AWS::Cognito::UserPoolDomain': 'a login (local/aws/login-server.ts plays it)',
  'AWS::Cognito::UserPoolIdentityProvider': 'a login (local/aws/login-server.ts plays it)',
  'AWS::EC2::EIP': 'networks',
  'AWS::EC2::FlowLog': 'networks',
  'AWS::EC2::InternetGateway': 'networks',
  'AWS::EC2::NatGateway': 'networks',
  'AWS::EC2::Route': 'networks',
  'AWS::EC2::RouteTable': 'networks',
  'AWS::EC2::SecurityGroup': 'networks',
  'AWS::EC2::SecurityGroupEgress': 'networks',
  'AWS::EC2::SecurityGroupIngress': 'networks',
  'AWS::EC2::Subnet': 'networks',
  'AWS::EC2::SubnetRouteTableAssociation': 'networks',
  'AWS::EC2::VPC': 'networks',
  'AWS::EC2::VPCEndpoint': 'networks',
  'AWS::EC2::VPCGatewayAttachment': 'networks',
  'AWS::ElastiCache::ServerlessCache': 'a cache (local/servers/redis.ts plays it)',
  'AWS::ElastiCache::User': 'a cache (local/servers/redis.ts plays it)',
  'AWS::ElastiCache::UserGroup': 'a cache (local/servers/redis.ts plays it)',
  'AWS::Glue::Database': 'queries (ask the lake with any SQL engine)',
  'AWS::IAM::Policy': 'permissions (proven by test/proof/iam)',
  'AWS::IAM::Role': 'permissions (proven by test/proof/iam)',
  'AWS::KMS::Alias': 'encryption',
  'AWS::KMS::Key': 'encryption',
  'AWS::Lambda::LayerVersion': 'what works at deployment only',
  'AWS::Lambda::Permission': 'permissions (proven by test/proof/iam)',
  'AWS::Logs::Delivery': 'log groups',
  'AWS::Logs::DeliveryDestination': 'log groups',
  'AWS::Logs::DeliverySource': 'log groups',
  'AWS::Logs::LogGroup': 'log groups',
  'AWS::Logs::LogStream': 'log groups',
  'AWS::OpenSearchServerless::AccessPolicy': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::Collection': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::CollectionGroup': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::CollectionIndex': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::Index': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::LifecyclePolicy': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::SecurityPolicy': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::OpenSearchServerless::VpcEndpoint': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::RDS::DBCluster': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBClusterParameterGroup': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBInstance': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBProxy': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBProxyEndpoint': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBProxyTargetGroup': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RDS::DBSubnetGroup': 'a database (local/servers/postgres.ts plays it)',
  'AWS::RedshiftServerless::Namespace': 'a warehouse',
  'AWS::RedshiftServerless::Workgroup': 'a warehouse',
  'AWS::Route53::RecordSet': 'names and certificates',
  'AWS::S3::BucketPolicy': 'permissions (proven by test/proof/iam)',
  'AWS::S3Vectors::Index': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::S3Vectors::VectorBucket': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::S3Vectors::VectorBucketPolicy': 'a vector store (local/aws/bedrock searches by words)',
  'AWS::SNS::TopicPolicy': 'permissions (proven by test/proof/iam)',
  'AWS::SQS::QueuePolicy': 'permissions (proven by test/proof/iam)',
  'AWS::WAFv2::IPSet': 'firewalls',
  'AWS::WAFv2::LoggingConfiguration': 'firewalls',
  'AWS::WAFv2::WebACL': 'firewalls',
  'AWS::WAFv2::WebACLAssociation': 'firewalls',
  'Custom::BedrockInvocationLogs': 'what works at deployment only',
  'Custom::CDKBucketDeployment': 'what works at deployment only',
  'Custom::DatabaseSchema': 'what works at deployment only',
  'Custom::ExternalSchema': 'what works at deployment only',
  'Custom::OriginSecret': 'what works at deployment only',
  'Custom::S3AutoDeleteObjects': 'what works at deployment only',
  'Custom::VpcRestrictDefaultSG': 'what works at deployment only',
};

/** What of a template is not run, with how many resources there are of it. */
export type NotRun = Readonly<Record<string, number>>;

/** What an engine is told to run. */
interface RunOptions {
  /** Whether it runs schedules. @default false */
  readonly schedules?: boolean;
}

/**
 * Tells what of a template the engine leaves out.
 *
 * @throws Error naming each resource of a type that the engine does not know: leaving it out might leave out data
 */
export function notRun({ Resources }: TemplateDocument, { schedules = false }: RunOptions = {}): NotRun {
  const unknown = Object.entries(Resources).filter(([, { Type }]) => !RUN.has(Type) && !(Type in NOT_RUN));
  if (unknown.length > 0) {
    const names = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`).join(', ');
    throw new Error(`The local engine does not know how to run ${names}`);
  }
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(Resources)) {
    const kind = NOT_RUN[Type] ?? (Type === 'AWS::Scheduler::Schedule' && !schedules ? 'schedules' : undefined);
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
