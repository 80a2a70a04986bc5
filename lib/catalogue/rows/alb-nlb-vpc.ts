import type { CatalogueRow } from '../catalogue-row';

/** ALB, NLB, VPC (guide 297-313). */
export const albNlbVpcRows = [
  {
    id: 'lb-type-fits-protocol',
    guideLines: ['300-301'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default', 'documented'],
    claim: 'ALB for HTTP/gRPC, NLB for TCP/UDP or static IP.',
    condition: 'web pattern `AWS::ElasticLoadBalancingV2::LoadBalancer.Type == "application"`',
  },
  {
    id: 'nlb-cross-zone',
    guideLines: ['302'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: [],
    claim: 'Cross-zone balancing is off by default on NLB.',
    condition: 'NLB `LoadBalancerAttributes` has `load_balancing.cross_zone.enabled = true`',
    outside: 'no row; nearest Compute: simple API',
  },
  {
    id: 'vpc-three-azs',
    guideLines: ['308'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Standard VPC: public and private subnets over 3 AZs.',
    condition:
      '>= 3 distinct AZs in `AWS::EC2::Subnet` for each tier (an environment-agnostic CDK stack with `maxAzs: 3` yields 2: tested)',
  },
  {
    id: 'vpc-data-private',
    guideLines: ['308'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Databases, caches and app tasks sit in private subnets.',
    condition:
      '`DBSubnetGroup`/`CacheSubnetGroup`/task subnets have no IGW route; `PubliclyAccessible != true`; ECS `AssignPublicIp == "DISABLED"`',
  },
  {
    id: 'vpc-security-group-scope',
    guideLines: ['309'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'Security groups are stateful and should name their peer, not the world.',
    condition:
      'ingress `CidrIp != 0.0.0.0/0` except public ALB 443 (cdk-nag `AwsSolutions-EC23`); DB/cache ingress by `SourceSecurityGroupId`',
  },
  {
    id: 'vpc-nacl-stateless',
    guideLines: ['309'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'NACLs are stateless and need both directions.',
    condition:
      'custom `AWS::EC2::NetworkAcl` => matching ingress + egress entries incl. ephemeral ports (cdk-nag `AwsSolutions-VPC3` discourages)',
  },
  {
    id: 'vpc-gateway-endpoints',
    guideLines: ['311', '313'],
    tier: 1,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'S3 and DynamoDB traffic must use gateway endpoints, not NAT.',
    condition:
      '`AWS::EC2::VPCEndpoint` type `Gateway` for `s3` and `dynamodb` on every private route table of a VPC with code or NAT gateways in it',
  },
  {
    id: 'vpc-interface-endpoint-breakeven',
    guideLines: ['311', '313'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth', 'construct default'],
    claim: 'Interface endpoints keep AWS API traffic private and off NAT (but have an hourly price).',
    condition:
      'endpoint list explicit; synth warning when `endpoints x AZs x $7.30` exceeds NAT saving for declared GB; required set when `natGateways: 0` (ecr.api, ecr.dkr, logs, secretsmanager, sts...)',
  },
  {
    id: 'vpc-nat-count-explicit',
    guideLines: ['313'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth', 'construct default'],
    claim: 'NAT gateways cost per AZ-hour and per GB, so their number is a decision.',
    condition:
      '`AWS::EC2::NatGateway` count equals explicit prop (0, 1, per-AZ or `AvailabilityMode: regional`); prod without per-AZ/regional => warning; CDK default is one per AZ (tested: 3)',
  },
  {
    id: 'vpc-nat-bytes-alarm',
    guideLines: ['313'],
    tier: 2,
    derived: true,
    patterns: ['web-app'],
    mechanisms: ['alarm'],
    claim: 'NAT data charges grow unseen.',
    condition: 'alarm on `AWS/NATGateway BytesOutToDestination` above budget; `ErrorPortAllocation` > 0',
  },
] as const satisfies readonly CatalogueRow[];
