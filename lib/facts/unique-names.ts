import { resourceType } from './resource-types';

/**
 * Properties by which a service knows a resource, where AWS's resource data does not tell: the identifier is an ARN or made by the
 * service, and the service refuses a second resource of the name (AWS: CloudFormation template reference of each type). Several
 * properties are one name together.
 */
const UNIQUE_NAMES: Readonly<Record<string, readonly string[]>> = {
  'AWS::AppRunner::Service': ['ServiceName'],
  'AWS::Batch::ComputeEnvironment': ['ComputeEnvironmentName'],
  'AWS::Batch::JobQueue': ['JobQueueName'],
  'AWS::Batch::SchedulingPolicy': ['Name'],
  'AWS::Bedrock::Guardrail': ['Name'],
  'AWS::Bedrock::KnowledgeBase': ['Name'],
  'AWS::Budgets::Budget': ['Budget.BudgetName'],
  'AWS::CloudFront::CachePolicy': ['CachePolicyConfig.Name'],
  // An alternate domain name belongs to one distribution (AWS: CloudFront, CNAMEAlreadyExists).
  'AWS::CloudFront::Distribution': ['DistributionConfig.Aliases'],
  'AWS::CloudFront::Function': ['Name'],
  'AWS::CloudFront::KeyGroup': ['KeyGroupConfig.Name'],
  'AWS::CloudFront::OriginAccessControl': ['OriginAccessControlConfig.Name'],
  'AWS::CloudFront::OriginRequestPolicy': ['OriginRequestPolicyConfig.Name'],
  'AWS::CloudFront::ResponseHeadersPolicy': ['ResponseHeadersPolicyConfig.Name'],
  'AWS::CloudFront::VpcOrigin': ['VpcOriginEndpointConfig.Name'],
  'AWS::CodeBuild::Project': ['Name'],
  // The prefix is one in its region, whichever user pool has it (AWS: Amazon Cognito, assigning a domain).
  'AWS::Cognito::UserPoolDomain': ['Domain'],
  'AWS::DAX::Cluster': ['ClusterName'],
  'AWS::DocDB::DBCluster': ['DBClusterIdentifier'],
  'AWS::DocDB::DBInstance': ['DBInstanceIdentifier'],
  'AWS::EC2::LaunchTemplate': ['LaunchTemplateName'],
  'AWS::EC2::SecurityGroup': ['VpcId', 'GroupName'],
  'AWS::ECS::Service': ['Cluster', 'ServiceName'],
  'AWS::EKS::Nodegroup': ['ClusterName', 'NodegroupName'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name'],
  'AWS::Elasticsearch::Domain': ['DomainName'],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::Glue::Table': ['DatabaseName', 'TableInput.Name'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::Lambda::Alias': ['FunctionName', 'Name'],
  'AWS::MSK::Cluster': ['ClusterName'],
  'AWS::MSK::ServerlessCluster': ['ClusterName'],
  'AWS::NetworkFirewall::Firewall': ['FirewallName'],
  'AWS::NetworkFirewall::FirewallPolicy': ['FirewallPolicyName'],
  'AWS::NetworkFirewall::RuleGroup': ['RuleGroupName'],
  'AWS::OpenSearchServerless::Collection': ['Name'],
  'AWS::OpenSearchServerless::VpcEndpoint': ['Name'],
  'AWS::Route53::RecordSet': ['SetIdentifier', 'HostedZoneId', 'HostedZoneName', 'Type', 'Name'],
  'AWS::S3Tables::TableBucket': ['TableBucketName'],
  'AWS::S3Vectors::Index': ['VectorBucketName', 'IndexName'],
  'AWS::S3Vectors::VectorBucket': ['VectorBucketName'],
  'AWS::SageMaker::Endpoint': ['EndpointName'],
  'AWS::SageMaker::EndpointConfig': ['EndpointConfigName'],
  'AWS::SageMaker::Model': ['ModelName'],
  'AWS::Scheduler::Schedule': ['GroupName', 'Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::StepFunctions::Activity': ['Name'],
  'AWS::StepFunctions::StateMachine': ['StateMachineName'],
  'AWS::Transfer::User': ['ServerId', 'UserName'],
  'AWS::VpcLattice::Service': ['Name'],
  'AWS::VpcLattice::ServiceNetwork': ['Name'],
  'AWS::VpcLattice::TargetGroup': ['Name'],
  'AWS::WAFv2::IPSet': ['Name'],
  'AWS::WAFv2::RegexPatternSet': ['Name'],
  'AWS::WAFv2::RuleGroup': ['Name'],
  'AWS::WAFv2::WebACL': ['Name'],
};

/** Those that are the name by themselves: without it the service makes one. Of the others, what is not set has a default. */
const DEFAULTED: ReadonlySet<string> = new Set([
  ...['Cluster', 'EventBusName', 'GroupName', 'HostedZoneId', 'HostedZoneName', 'SetIdentifier', 'VpcId'],
]);

/** Whether a part of a name may be left out, and is then the service's default and no name that the service makes. */
export function hasDefault(property: string): boolean {
  return DEFAULTED.has(property);
}

/** The properties that name a resource of a type for its service, and that a template may set; empty where the service names it. */
export function nameProperties(type: string): readonly string[] {
  const known = Object.hasOwn(UNIQUE_NAMES, type) ? UNIQUE_NAMES[type] : undefined;
  if (known !== undefined) return known;
  const { id = [], settable = [] } = resourceType(type) ?? {};
  return id.length === settable.length ? settable : [];
}
