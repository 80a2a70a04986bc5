import type { CatalogueId } from '../../../lib/checks';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { addSecondKey, allow, arnOf, dropFromLifecycle, type Mutation, widen } from '../mutation';

const FUNCTION = 'AWS::Lambda::Function';
const APPLICATION = 'ApiApplicationFunction';
const BUCKET = 'AWS::S3::Bucket';
const CLUSTER = 'AWS::RDS::DBCluster';
const CACHE = 'AWS::ElastiCache::ServerlessCache';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const API = 'AWS::ApiGatewayV2::Route';
const WEB_ACL = 'AWS::WAFv2::WebACL';
const POOL = 'AWS::Cognito::UserPool';
const TASK = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const SCALING = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const SCALABLE = 'AWS::ApplicationAutoScaling::ScalableTarget';
const DEPLOYMENT = 'Custom::CDKBucketDeployment';

/** The distribution's configuration, to be changed in place. */
function edgeOf(template: MutableTemplate): Record<string, unknown> {
  return template.properties(DISTRIBUTION)['DistributionConfig'] as Record<string, unknown>;
}

const apiBehavior = (template: MutableTemplate) =>
  (edgeOf(template)['CacheBehaviors'] as Record<string, unknown>[])[0] ?? {};

const rulesOf = (template: MutableTemplate) =>
  template.properties(WEB_ACL)['Rules'] as { Name: string; Statement: Record<string, Record<string, unknown>> }[];

/** The container's definition, to be changed in place. */
function containerOf(template: MutableTemplate): Record<string, unknown> {
  return (template.properties(TASK)['ContainerDefinitions'] as Record<string, unknown>[])[0] ?? {};
}

/** For each row with a rule: how its handling is taken out of the template with Lambda. The rule must then object. */
export const MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'graviton-default': (t) => t.set(FUNCTION, 'Architectures', ['x86_64'], APPLICATION),
  'stateless-compute-no-az-volume': (t) => t.add('Disk', 'AWS::EC2::Volume', { AvailabilityZone: 'eu-west-1a' }),
  'lambda-max-timeout-15m': (t) => t.set(FUNCTION, 'Timeout', 901, 'Inspector'),
  'lambda-max-memory-10gb': (t) => t.set(FUNCTION, 'MemorySize', 11_000, APPLICATION),
  'lambda-memory-explicit': (t) => t.drop(FUNCTION, 'MemorySize', APPLICATION),
  'lambda-provisioned-concurrency-user-facing': (t) =>
    t.drop('AWS::Lambda::Alias', 'ProvisionedConcurrencyConfig', 'Application'),
  'lambda-reserved-concurrency-isolation': (t) => t.drop(FUNCTION, 'ReservedConcurrentExecutions', APPLICATION),
  'lambda-reserved-sum-within-pool': (t) => t.set(FUNCTION, 'ReservedConcurrentExecutions', 899, APPLICATION),
  'lambda-concurrency-alarm': (t) => t.removeAlarms('Throttles'),
  'lambda-env-4kb': (t) => t.addTo(FUNCTION, 'Environment.Variables', { A: 'x'.repeat(4100) }, 'OriginSecret'),
  'lambda-config-in-ssm': (t) =>
    t.addTo(FUNCTION, 'Environment.Variables', { CONFIG: 'x'.repeat(600) }, 'OriginSecret'),
  'lambda-async-failure-destination': (t) =>
    t.add('Direct', 'AWS::Events::Rule', { Targets: [{ Arn: arnOf(t, FUNCTION, 'Inspector') }] }),
  'lambda-dlq-not-empty-alarm': (t) => t.removeAlarms('ApproximateNumberOfMessagesVisible'),
  'lambda-vpc-only-when-needed': (t) => {
    const { SubnetIds } = t.properties(FUNCTION, APPLICATION)['VpcConfig'] as { SubnetIds: unknown };
    t.properties(FUNCTION, 'OriginSecret')['VpcConfig'] = { SubnetIds };
  },
  's3-abort-incomplete-multipart': (t) => dropFromLifecycle(t, 'Uploads', 'AbortIncompleteMultipartUpload'),
  's3-presigned-uploads': (t) => {
    const { CorsRules } = t.properties(BUCKET, 'Uploads')['CorsConfiguration'] as {
      CorsRules: Record<string, unknown>[];
    };
    for (const rule of CorsRules) rule['AllowedOrigins'] = ['*'];
  },
  's3-block-public-access': (t) => t.drop(BUCKET, 'PublicAccessBlockConfiguration.BlockPublicPolicy', 'Uploads'),
  's3-noncurrent-version-expiry': (t) => dropFromLifecycle(t, 'Uploads', 'NoncurrentVersionExpiration'),
  'rds-proxy-for-many-clients': (t) => {
    const writer = { 'Fn::GetAtt': [t.id(CLUSTER), 'Endpoint.Address'] };
    t.set(FUNCTION, 'Environment.Variables.DATABASE_WRITER', writer, APPLICATION);
  },
  'rds-backup-retention': (t) => t.drop(CLUSTER, 'BackupRetentionPeriod'),
  'rds-size-for-connections': (t) => t.set('AWS::RDS::DBInstance', 'DBInstanceClass', 'db.t3.micro'),
  'rds-connections-alarm': (t) => t.removeAlarms('DatabaseConnections'),
  'rds-own-parameter-group': (t) => t.drop(CLUSTER, 'DBClusterParameterGroupName'),
  'aurora-reader-second-az': (t) => t.remove('AWS::RDS::DBInstance', 'Reader'),
  'aurora-serverless-bounds': (t) => t.set(CLUSTER, 'ServerlessV2ScalingConfiguration.MinCapacity', 0),
  'aurora-capacity-alarm': (t) => t.removeAlarms('ACUUtilization'),
  'cache-multi-az': (t) =>
    t.add('Single', 'AWS::ElastiCache::ReplicationGroup', { NumCacheClusters: 1, AutomaticFailoverEnabled: false }),
  'cache-vpc-reachability': (t) => t.drop(FUNCTION, 'VpcConfig', APPLICATION),
  'cloudfront-path-routing': (t) => {
    apiBehavior(t)['TargetOriginId'] = (edgeOf(t)['DefaultCacheBehavior'] as Record<string, unknown>)['TargetOriginId'];
  },
  'cloudfront-api-not-cached': (t) => {
    apiBehavior(t)['CachePolicyId'] = '658327ea-f89d-4fab-a63d-7e88639e58f6';
  },
  'cloudfront-error-caching-ttl': (t) => {
    edgeOf(t)['CustomErrorResponses'] = [{ ErrorCode: 503 }];
  },
  'cloudfront-spa-fallback-keeps-api-errors': (t) => {
    edgeOf(t)['CustomErrorResponses'] = [{ ErrorCode: 404, ResponseCode: 200, ResponsePagePath: '/index.html' }];
  },
  'cloudfront-versioned-assets': (t) => {
    for (const [, { Properties }] of t.all(DEPLOYMENT)) delete Properties['SystemMetadata'];
  },
  'cloudfront-behavior-order': (t) => {
    const behaviors = edgeOf(t)['CacheBehaviors'] as unknown[];
    behaviors.unshift({ ...apiBehavior(t), PathPattern: '/*' });
  },
  'cloudfront-s3-oac': (t) => {
    for (const origin of edgeOf(t)['Origins'] as Record<string, unknown>[]) delete origin['OriginAccessControlId'];
  },
  'cloudfront-fronts-everything': (t) => {
    for (const origin of edgeOf(t)['Origins'] as Record<string, unknown>[]) delete origin['OriginCustomHeaders'];
  },
  'cloudfront-tls': (t) => {
    (edgeOf(t)['DefaultCacheBehavior'] as Record<string, unknown>)['ViewerProtocolPolicy'] = 'allow-all';
  },
  'apigw-http-api-default': (t) => t.add('Rest', 'AWS::ApiGateway::RestApi', { Name: 'plain' }),
  'apigw-throttling': (t) => t.drop('AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings.ThrottlingRateLimit'),
  'apigw-29s-timeout': (t) => t.set(FUNCTION, 'Timeout', 60, APPLICATION),
  'apigw-authorizer-on-every-route': (t) => t.set(API, 'AuthorizationType', 'NONE', 'proxy'),
  'apigw-access-logs': (t) => t.drop('AWS::ApiGatewayV2::Stage', 'AccessLogSettings'),
  'vpc-three-azs': (t) => t.remove('AWS::EC2::Subnet', 'AppSubnet3'),
  'vpc-data-private': (t) => t.set('AWS::RDS::DBInstance', 'PubliclyAccessible', true),
  'vpc-security-group-scope': (t) => {
    t.drop('AWS::EC2::SecurityGroupIngress', 'SourceSecurityGroupId', 'Database');
    t.properties('AWS::EC2::SecurityGroupIngress', 'Database')['CidrIp'] = '0.0.0.0/0';
  },
  'vpc-gateway-endpoints': (t) => t.remove('AWS::EC2::VPCEndpoint', 'S3'),
  'iam-no-wildcards': (t) => widen(t, 'ApiApplicationRole'),
  'iam-roles-not-users': (t) => t.add('Robot', 'AWS::IAM::User', {}),
  'iam-no-static-keys': (t) => t.addTo(FUNCTION, 'Environment.Variables', { AWS_ACCESS_KEY_ID: 'key' }, 'OriginSecret'),
  'cognito-native-jwt-authorizer': (t) => t.set('AWS::ApiGatewayV2::Authorizer', 'AuthorizerType', 'REQUEST'),
  'cognito-mfa-and-password': (t) => t.set(POOL, 'MfaConfiguration', 'OFF'),
  'cognito-ses-for-email': (t) => t.drop(POOL, 'EmailConfiguration'),
  'encrypt-everything-at-rest': (t) => t.drop(CACHE, 'KmsKeyId'),
  'kms-one-key-per-data-domain': addSecondKey,
  'kms-rotation': (t) => t.drop('AWS::KMS::Key', 'EnableKeyRotation'),
  'tls-everywhere': (t) => t.set('AWS::RDS::DBProxy', 'RequireTLS', false),
  'waf-on-cloudfront': (t) => {
    delete edgeOf(t)['WebACLId'];
  },
  'waf-managed-rules': (t) => {
    const rules = rulesOf(t);
    rules.splice(
      rules.findIndex(({ Name }) => Name === 'AWSManagedRulesSQLiRuleSet'),
      1,
    );
  },
  'waf-rate-rule': (t) => {
    for (const { Statement } of rulesOf(t)) {
      if (Statement['RateBasedStatement'] !== undefined) Statement['RateBasedStatement']['Limit'] = 100_000;
    }
  },
  'waf-not-on-http-api': (t) =>
    t.add('Association', 'AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Sub': `arn:aws:apigateway:us-east-1::/apis/\${${t.id('AWS::ApiGatewayV2::Api')}}/stages/x` },
      WebACLArn: arnOf(t, WEB_ACL),
    }),
  'secrets-rotation': (t) => {
    t.drop(CLUSTER, 'ManageMasterUserPassword');
    t.add('Secret', 'AWS::SecretsManager::Secret', {});
    t.properties(CLUSTER)['MasterUserPassword'] = {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password}}']],
    };
  },
  'secrets-lambda-runtime-fetch': (t) =>
    t.set(
      FUNCTION,
      'Environment.Variables',
      { PASSWORD: '{{resolve:secretsmanager:db:SecretString}}' },
      'OriginSecret',
    ),
  'cw-error-rate-alarm': (t) => t.removeAlarms('5xx'),
  'cw-p99-latency-alarm': (t) => t.removeAlarms('Latency'),
  'cw-alarm-has-action': (t) => t.drop('AWS::CloudWatch::Alarm', 'AlarmActions'),
  'cw-missing-data-explicit': (t) => t.drop('AWS::CloudWatch::Alarm', 'TreatMissingData'),
  'cw-emf-not-putmetric': (t) => allow(t, 'ApiApplicationRole', 'cloudwatch:PutMetricData', '*'),
  'cw-log-metric-filter': (t) => t.remove('AWS::Logs::MetricFilter', 'Application'),
  'cw-log-retention': (t) => t.drop('AWS::Logs::LogGroup', 'RetentionInDays'),
  'tracing-on': (t) => t.drop(FUNCTION, 'TracingConfig', APPLICATION),
  'pattern-has-alarms': (t) => t.remove('AWS::CloudWatch::Alarm'),
  'logs-everywhere': (t) => t.remove('AWS::WAFv2::LoggingConfiguration'),
};

/** The same for the template with Fargate, which has NAT, too. */
export const FARGATE_MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'ecs-self-healing-service': (t) => t.drop(SERVICE, 'DeploymentConfiguration.DeploymentCircuitBreaker'),
  'ecs-scale-cpu-40': (t) => t.set(SCALING, 'TargetTrackingScalingPolicyConfiguration.TargetValue', 75, 'Cpu'),
  'ecs-target-tracking': (t) => t.remove(SCALING),
  'ecs-provisioning-lead-time': (t) => t.set(SCALABLE, 'MinCapacity', 1),
  'ecs-task-role-not-execution-role': (t) => t.set(TASK, 'TaskRoleArn', t.properties(TASK)['ExecutionRoleArn']),
  'ecs-execution-role-minimal': (t) => widen(t, 'ExecutionRole'),
  'ecs-both-health-checks': (t) => {
    delete containerOf(t)['HealthCheck'];
  },
  'secrets-ecs-injection': (t) => {
    (containerOf(t)['Environment'] as unknown[]).push({ Name: 'DB_PASSWORD', Value: 'hunter2hunter2' });
  },
  'vpc-nat-count-explicit': (t) => t.drop('AWS::EC2::NatGateway', 'AvailabilityMode'),
  'vpc-nat-bytes-alarm': (t) => t.removeAlarms('BytesOutToDestination'),
  'cloudfront-fronts-everything': (t) =>
    t.set('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', 'internet-facing'),
  'cw-error-rate-alarm': (t) => t.removeAlarms('RequestCount'),
  'cw-p99-latency-alarm': (t) => t.removeAlarms('TargetResponseTime'),
  'graviton-default': (t) => t.set(TASK, 'RuntimePlatform.CpuArchitecture', 'X86_64'),
  'vpc-data-private': (t) => t.set(SERVICE, 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED'),
  'stateless-compute-no-az-volume': (t) => {
    t.properties(TASK)['Volumes'] = [{ Name: 'data', Host: { SourcePath: '/data' } }];
  },
  'logs-everywhere': (t) => t.drop('AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerAttributes'),
};
