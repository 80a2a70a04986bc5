import type { StageName } from '../../../lib';
import { type TemplateResource, testApp, webAppStacks } from '../../synthesize';
import { alarmMetrics, HOURS_OF_A_MONTH, PRICES, summed } from '../event-driven/idle-cost-fixture';

/** List prices in us-east-1 as known on 2026-11-23, in dollars. */
const WEB_PRICES = {
  webAclMonth: 5,
  webAclRuleMonth: 1,
  secretMonth: 0.4,
  /** Valkey; at least 100 MB are billed. */
  cacheGigabyteHour: 0.084,
  leastCacheGigabytes: 0.1,
  acuHour: 0.12,
  proxyAcuHour: 0.015,
  /** What a proxy of a serverless cluster is billed for at the least. */
  leastProxyAcus: 8,
  natHour: 0.045,
  publicAddressHour: 0.005,
  loadBalancerHour: 0.0225,
  /** Fargate on arm64. */
  vcpuHour: 0.03238,
  gigabyteHour: 0.00356,
} as const;

/** Long polls that Lambda keeps open on an idle queue (AWS Lambda: SQS scaling), each of 20 seconds. */
const POLLS_A_MONTH = 5 * ((HOURS_OF_A_MONTH * 3600) / 20);

type Resources = Readonly<Record<string, TemplateResource>>;

/** Resources of all stacks of an app in eu-west-1. */
function resources(stage: StageName, compute: 'lambda' | 'fargate'): Resources {
  const app = testApp();
  webAppStacks(app, stage, { compute });
  const all = app
    .synth()
    .stacks.map(({ template }) => (template as { Resources?: Record<string, TemplateResource> }).Resources ?? {});
  return Object.assign({}, ...all) as Resources;
}

/** What the web app costs in a month in which nothing happens, by the lines of the README's table. */
export function idleCost(stage: StageName, compute: 'lambda' | 'fargate'): Record<string, number> {
  const every = resources(stage, compute);
  const of = (type: string) => Object.values(every).filter(({ Type }) => Type === type);
  const [cluster] = of('AWS::RDS::DBCluster');
  const scaling = cluster?.Properties['ServerlessV2ScalingConfiguration'] as { MinCapacity: number } | undefined;
  const instances = of('AWS::RDS::DBInstance').length;
  const rules = of('AWS::WAFv2::WebACL').flatMap(({ Properties }) => Properties['Rules'] as unknown[]);
  const zones = of('AWS::EC2::Subnet').length / 3;
  const gateways = of('AWS::EC2::NatGateway').reduce(
    (sum, { Properties }) => sum + (Properties['AvailabilityMode'] === 'regional' ? zones : 1),
    0,
  );
  const tasks = of('AWS::ApplicationAutoScaling::ScalableTarget').reduce(
    (sum, { Properties }) => sum + Number(Properties['MinCapacity']),
    0,
  );
  const { Cpu = 0, Memory = 0 } = (of('AWS::ECS::TaskDefinition')[0]?.Properties ?? {}) as {
    Cpu?: string;
    Memory?: string;
  };
  const warm = of('AWS::Lambda::Alias').reduce((sum, { Properties }) => {
    const config = Properties['ProvisionedConcurrencyConfig'] as
      | { ProvisionedConcurrentExecutions: number }
      | undefined;
    return sum + (config?.ProvisionedConcurrentExecutions ?? 0);
  }, 0);
  const hour = HOURS_OF_A_MONTH;
  const { vcpuHour, gigabyteHour } = WEB_PRICES;
  return summed({
    'web ACL and its rules': of('AWS::WAFv2::WebACL').length * WEB_PRICES.webAclMonth + rules.length,
    'customer-managed key': of('AWS::KMS::Key').length * PRICES.keyMonth,
    'secret of the administrator': WEB_PRICES.secretMonth,
    'cache, empty':
      of('AWS::ElastiCache::ServerlessCache').length *
      WEB_PRICES.leastCacheGigabytes *
      WEB_PRICES.cacheGigabyteHour *
      hour,
    'Aurora at its least': (scaling?.MinCapacity ?? Number.NaN) * instances * WEB_PRICES.acuHour * hour,
    'RDS Proxy': of('AWS::RDS::DBProxy').length * WEB_PRICES.leastProxyAcus * WEB_PRICES.proxyAcuHour * hour,
    'provisioned concurrency, 1 GB arm64': warm * hour * 3600 * PRICES.provisionedGigabyteSecond,
    'Fargate tasks': tasks * ((Number(Cpu) / 1024) * vcpuHour + (Number(Memory) / 1024) * gigabyteHour) * hour,
    'load balancer': of('AWS::ElasticLoadBalancingV2::LoadBalancer').length * WEB_PRICES.loadBalancerHour * hour,
    'NAT gateways and their addresses': gateways * (WEB_PRICES.natHour + WEB_PRICES.publicAddressHour) * hour,
    'SQS requests of an idle consumer':
      of('AWS::Lambda::EventSourceMapping').length * POLLS_A_MONTH * PRICES.sqsRequest,
    'alarm metrics': alarmMetrics(every) * PRICES.alarmMetricMonth,
    dashboard: of('AWS::CloudWatch::Dashboard').length * PRICES.dashboardMonth,
  });
}
