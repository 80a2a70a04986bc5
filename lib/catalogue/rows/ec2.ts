import type { CatalogueRow } from '../catalogue-row';

/** Compute - EC2 (guide 10-23). */
export const ec2Rows = [
  {
    id: 'ec2-asg-three-azs',
    guideLines: ['15'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: [],
    claim: 'EC2 fleets must sit in an Auto Scaling group built from a launch template and spread over at least 3 AZs.',
    condition:
      '`AWS::AutoScaling::AutoScalingGroup`: `VPCZoneIdentifier` has >= 3 subnets in 3 AZs; `LaunchTemplate` set, `LaunchConfigurationName` absent',
    outside: 'Compute: need GPU',
  },
  {
    id: 'ec2-no-spot-for-primary-api',
    guideLines: ['16'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Spot capacity is for interruptible work only, never for the primary API tier.',
    condition:
      'API `AWS::ECS::Service.CapacityProviderStrategy[]` has no `FARGATE_SPOT` (or `FARGATE` `Base` >= `DesiredCount`); `LaunchTemplateData.InstanceMarketOptions` absent on API fleets',
  },
  {
    id: 'graviton-default',
    guideLines: ['17'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Prefer ARM (Graviton) for about 20% better price/performance unless the binary needs x86.',
    condition:
      '`AWS::Lambda::Function.Architectures == ["arm64"]`; `AWS::ECS::TaskDefinition.RuntimePlatform.CpuArchitecture == "ARM64"`; DB/cache instance class family ends in `g`',
  },
  {
    id: 'ec2-not-first-choice',
    guideLines: ['19'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'A stateless API should run on Fargate or Lambda, not on hand-run EC2 instances.',
    condition:
      'template holds no `AWS::EC2::Instance`; no `AWS::AutoScaling::AutoScalingGroup` unless GPU family declared',
  },
  {
    id: 'stateless-compute-no-az-volume',
    guideLines: ['21', '111'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim:
      'EBS volumes stay in one AZ, so compute that can be relaunched elsewhere must hold no local state (use EFS or a data store).',
    condition:
      'no `AWS::EC2::Volume`; `AWS::ECS::TaskDefinition.Volumes[]` are shared by all zones (`EFSVolumeConfiguration`) or scratch space that goes with its task; no `AWS::ECS::Service.VolumeConfigurations`',
  },
  {
    id: 'quota-preflight',
    guideLines: ['22'],
    tier: 3,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: ['documented', 'alarm'],
    claim: 'Account quotas are lower than people expect, so request increases before launch day.',
    condition:
      'README/stack output lists quotas the pattern consumes (Lambda concurrency, on-demand vCPU, Kinesis shards, EIPs); `AWS/Usage` alarm with `SERVICE_QUOTA()` metric math at 80%',
  },
  {
    id: 'ec2-placement-groups',
    guideLines: ['23'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: ['documented'],
    claim: 'HPC fleets need a placement group strategy chosen on purpose: cluster for latency, spread for isolation.',
    condition: 'n/a: `AWS::EC2::PlacementGroup.Strategy` explicit when GPU fleet is declared',
    outside: 'Compute: need GPU',
  },
] as const satisfies readonly CatalogueRow[];
