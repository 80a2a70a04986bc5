import type { StageName } from '../../../lib';
import { genAiRagTemplate, resourcesOf, type TemplateResource, type VECTOR_STORES } from '../../synthesize';
import { alarmMetrics, firewallCost, HOURS_OF_A_MONTH, PRICES, summed } from '../event-driven/idle-cost-fixture';

/** List prices in us-east-1 as known on 2026-11-23, in dollars. */
const RAG_PRICES = {
  /**
   * OpenSearch Serverless, a capacity unit and hour (corrections 18). The classic generation has half of one to index and half to
   * search, and the same for a standby.
   */
  ocuHour: 0.24,
  lambdaRequest: 0.2 / 1_000_000,
  /** arm64, a GB and second. */
  lambdaGigabyteSecond: 0.0000133334,
  /** Traces beyond the free 100,000 would be $5 a million; each tick may be one. */
  trace: 5 / 1_000_000,
} as const;

/** Long polls that Lambda keeps open on an idle queue (AWS Lambda: SQS scaling), each of 20 seconds. */
const POLLS_A_MONTH = 5 * ((HOURS_OF_A_MONTH * 3600) / 20);
const TICKS_A_MONTH = HOURS_OF_A_MONTH * 60;
/** A tick that finds nothing is one query. */
const TICK_SECONDS = 0.1;

type Resources = Readonly<Record<string, TemplateResource>>;

/** What the GenAI application costs in a month in which nothing happens, by the lines of the README's table. */
export function idleCost(stage: StageName, store: keyof typeof VECTOR_STORES): Record<string, number> {
  const resources: Resources = resourcesOf(genAiRagTemplate(stage, store));
  const of = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const units = of('AWS::OpenSearchServerless::CollectionGroup').reduce((sum, { Properties }) => {
    const limits = Properties['CapacityLimits'] as {
      MinIndexingCapacityInOcu?: number;
      MinSearchCapacityInOcu?: number;
    };
    if (Properties['Generation'] !== 'NEXTGEN') return sum + (Properties['StandbyReplicas'] === 'ENABLED' ? 2 : 1);
    return sum + (limits.MinIndexingCapacityInOcu ?? 0) + (limits.MinSearchCapacityInOcu ?? 0);
  }, 0);
  const warm = of('AWS::Lambda::Alias').reduce((sum, { Properties }) => {
    const config = Properties['ProvisionedConcurrencyConfig'] as
      | { ProvisionedConcurrentExecutions: number }
      | undefined;
    const fn = resources[(Properties['FunctionName'] as { Ref: string }).Ref];
    return sum + (config?.ProvisionedConcurrentExecutions ?? 0) * (Number(fn?.Properties['MemorySize']) / 1024);
  }, 0);
  const ticks = of('AWS::Scheduler::Schedule').length * TICKS_A_MONTH;
  const tick = RAG_PRICES.lambdaRequest + TICK_SECONDS * 0.5 * RAG_PRICES.lambdaGigabyteSecond + RAG_PRICES.trace;
  return summed({
    'web ACL and its rules': firewallCost(resources),
    'customer-managed key': of('AWS::KMS::Key').length * PRICES.keyMonth,
    'vector store, at its least': units * RAG_PRICES.ocuHour * HOURS_OF_A_MONTH,
    'provisioned concurrency, arm64': warm * HOURS_OF_A_MONTH * 3600 * PRICES.provisionedGigabyteSecond,
    'a look at the ingestion each minute': ticks * tick,
    'SQS requests of an idle consumer':
      of('AWS::Lambda::EventSourceMapping').length * POLLS_A_MONTH * PRICES.sqsRequest,
    'alarm metrics': alarmMetrics(resources) * PRICES.alarmMetricMonth,
    dashboard: of('AWS::CloudWatch::Dashboard').length * PRICES.dashboardMonth,
  });
}
