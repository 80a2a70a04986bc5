/** A role that a service needs in an account, and makes there at its first use. */
export interface ServiceLinkedRole {
  /** Types whose first resource needs it. */
  readonly resourceTypes: readonly string[];
  /** Its name in IAM. */
  readonly role: string;
  /** What `aws iam create-service-linked-role --aws-service-name` takes. */
  readonly service: string;
  /** Why the first resource fails although the service makes the role. @default - no report of it */
  readonly tooLate?: string;
  readonly source: string;
}

/** Service-linked roles by what needs them (AWS: service-linked roles, in the user guide of each service). */
export const SERVICE_LINKED_ROLES: readonly ServiceLinkedRole[] = [
  {
    resourceTypes: ['AWS::ECS::Cluster', 'AWS::ECS::Service'],
    role: 'AWSServiceRoleForECS',
    service: 'ecs.amazonaws.com',
    tooLate:
      'ECS makes it and assumes it at once, before IAM knows it everywhere: "Unable to assume the service linked role"',
    source: 'cloudformation-coverage-roadmap issue 818; 1Password/scim-examples issue 356',
  },
  {
    resourceTypes: ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'],
    role: 'AWSServiceRoleForAmazonOpenSearchService',
    service: 'opensearchservice.amazonaws.com',
    source: 'AWS: OpenSearch Service, using service-linked roles',
  },
  {
    resourceTypes: ['AWS::OpenSearchServerless::Collection'],
    role: 'AWSServiceRoleForAmazonOpenSearchServerless',
    service: 'observability.aoss.amazonaws.com',
    source: 'AWS: OpenSearch Serverless, using service-linked roles',
  },
  {
    resourceTypes: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBProxy'],
    role: 'AWSServiceRoleForRDS',
    service: 'rds.amazonaws.com',
    source: 'AWS: RDS, using service-linked roles',
  },
  {
    resourceTypes: [
      'AWS::ElastiCache::CacheCluster',
      'AWS::ElastiCache::ReplicationGroup',
      'AWS::ElastiCache::ServerlessCache',
    ],
    role: 'AWSServiceRoleForElastiCache',
    service: 'elasticache.amazonaws.com',
    source: 'AWS: ElastiCache, using service-linked roles',
  },
  {
    resourceTypes: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
    role: 'AWSServiceRoleForElasticLoadBalancing',
    service: 'elasticloadbalancing.amazonaws.com',
    source: 'AWS: Elastic Load Balancing, service-linked role',
  },
  {
    resourceTypes: ['AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Workgroup'],
    role: 'AWSServiceRoleForRedshift',
    service: 'redshift.amazonaws.com',
    source: 'AWS: Redshift, using service-linked roles',
  },
];
