/** A role that AWS makes in an account when a service is first used there, by the right `iam:CreateServiceLinkedRole` of who asks. */
export interface ServiceLinkedRole {
  /** Types whose first resource in an account makes it. */
  readonly resourceTypes: readonly string[];
  /** Its name in IAM. */
  readonly role: string;
  /** What `aws iam create-service-linked-role --aws-service-name` takes. */
  readonly service: string;
  readonly source: string;
  /** A property, and its value, of the resources that it is for. @default - all of the types */
  readonly when?: { readonly property: string; readonly value: string };
}

/** The roles of what templates here may have; read on 1 December 2026. IAM refuses to make one that is there. */
export const SERVICE_LINKED_ROLES: readonly ServiceLinkedRole[] = [
  {
    resourceTypes: ['AWS::ECS::Cluster', 'AWS::ECS::Service'],
    role: 'AWSServiceRoleForECS',
    service: 'ecs.amazonaws.com',
    source: 'AWS: ECS, using service-linked roles; aws/containers-roadmap issue 818',
  },
  {
    resourceTypes: ['AWS::ApplicationAutoScaling::ScalableTarget'],
    role: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
    service: 'ecs.application-autoscaling.amazonaws.com',
    source: 'AWS: Application Auto Scaling, service-linked roles',
    when: { property: 'ServiceNamespace', value: 'ecs' },
  },
  {
    resourceTypes: ['AWS::ApplicationAutoScaling::ScalableTarget'],
    role: 'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable',
    service: 'dynamodb.application-autoscaling.amazonaws.com',
    source: 'AWS: Application Auto Scaling, service-linked roles',
    when: { property: 'ServiceNamespace', value: 'dynamodb' },
  },
  {
    resourceTypes: ['AWS::ApplicationAutoScaling::ScalableTarget'],
    role: 'AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency',
    service: 'lambda.application-autoscaling.amazonaws.com',
    source: 'AWS: Application Auto Scaling, service-linked roles',
    when: { property: 'ServiceNamespace', value: 'lambda' },
  },
  {
    resourceTypes: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    role: 'AWSServiceRoleForElasticLoadBalancing',
    service: 'elasticloadbalancing.amazonaws.com',
    source: 'AWS: Elastic Load Balancing, service-linked role',
  },
  {
    resourceTypes: ['AWS::CloudFront::VpcOrigin'],
    role: 'AWSServiceRoleForCloudFrontVPCOrigin',
    service: 'vpcorigin.cloudfront.amazonaws.com',
    source: 'AWS: CloudFront, service-linked role for VPC origins',
  },
  {
    resourceTypes: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBProxy'],
    role: 'AWSServiceRoleForRDS',
    service: 'rds.amazonaws.com',
    source: 'AWS: Amazon RDS, using service-linked roles',
  },
  {
    resourceTypes: [
      'AWS::ElastiCache::ServerlessCache',
      'AWS::ElastiCache::ReplicationGroup',
      'AWS::ElastiCache::CacheCluster',
    ],
    role: 'AWSServiceRoleForElastiCache',
    service: 'elasticache.amazonaws.com',
    source: 'AWS: ElastiCache, using service-linked roles',
  },
  {
    resourceTypes: [
      'AWS::RedshiftServerless::Namespace',
      'AWS::RedshiftServerless::Workgroup',
      'AWS::Redshift::Cluster',
    ],
    role: 'AWSServiceRoleForRedshift',
    service: 'redshift.amazonaws.com',
    source: 'AWS: Amazon Redshift, using service-linked roles',
  },
  {
    resourceTypes: ['AWS::OpenSearchServerless::Collection'],
    role: 'AWSServiceRoleForAmazonOpenSearchServerless',
    service: 'observability.aoss.amazonaws.com',
    source: 'AWS: OpenSearch Service, service-linked role for collections',
  },
  {
    resourceTypes: ['AWS::WAFv2::LoggingConfiguration'],
    role: 'AWSServiceRoleForWAFV2Logging',
    service: 'wafv2.amazonaws.com',
    source: 'AWS: AWS WAF, using service-linked roles',
  },
];
