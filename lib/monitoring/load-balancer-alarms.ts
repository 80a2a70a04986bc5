import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  type ApplicationLoadBalancer,
  type ApplicationTargetGroup,
  HttpCodeElb,
  HttpCodeTarget,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Alarms } from './alarms';
import { THRESHOLDS } from './thresholds';

/** A service and the load balancer in front of it. */
export interface WatchedService {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly targetGroup: ApplicationTargetGroup;
  readonly service: FargateService;
}

/** CPU at which scaling should long have helped: it aims at 40%. */
const BUSY_PERCENT = 80;

/** Error rate and p99 latency of a load balancer's requests, and hosts that fail their health checks. @param id @default - none: one API in a pattern */
export function watchLoadBalancer(
  alarms: Alarms,
  { loadBalancer, targetGroup, service }: WatchedService,
  id = '',
): void {
  alarms.markWatched(id, service);
  const period = Duration.minutes(5);
  const { metrics } = loadBalancer;
  alarms.add(`${id}ErrorRate`, {
    metric: new MathExpression({
      // Errors of the targets, and errors of the load balancer when no target answered.
      expression: `IF(requests >= ${THRESHOLDS.errorRateRequestFloor}, 100 * (FILL(own, 0) + FILL(theirs, 0)) / requests, 0)`,
      usingMetrics: {
        own: metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { statistic: Stats.SUM, period }),
        theirs: metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { statistic: Stats.SUM, period }),
        requests: metrics.requestCount({ statistic: Stats.SUM, period }),
      },
      label: '5xx share of requests (%)',
      period,
    }),
    threshold: THRESHOLDS.errorRatePercent,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `More than ${THRESHOLDS.errorRatePercent}% of requests end in a server error (5xx). The error logs of the API's functions or tasks show the cause.`,
    catalogueIds: ['cw-error-rate-alarm'],
  });
  alarms.add(`${id}LatencyP99`, {
    metric: metrics.targetResponseTime({ statistic: 'p99', period }),
    // In seconds (AWS: CloudWatch metrics for your Application Load Balancer).
    threshold: THRESHOLDS.latencyP99.toMilliseconds() / 1000,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    periods: 3,
    description: `The p99 latency is above ${THRESHOLDS.latencyP99.toMilliseconds()} ms: one request in a hundred takes longer. Check the CPU of the tasks and the latency of the database.`,
    catalogueIds: ['cw-p99-latency-alarm'],
  });
  alarms.add(`${id}UnhealthyHosts`, {
    metric: targetGroup.metrics.unhealthyHostCount({ statistic: Stats.MAXIMUM, period: Duration.minutes(1) }),
    threshold: 1,
    periods: 5,
    description:
      'At least one task has been unhealthy for five minutes, and its replacements fail their health checks, too. Check the logs of the tasks and the last deployment.',
    catalogueIds: ['ecs-both-health-checks'],
  });
  if (!alarms.full) return;
  alarms.add(`${id}ServiceCpu`, {
    metric: service.metricCpuUtilization({ statistic: Stats.AVERAGE, period: Duration.minutes(1) }),
    threshold: BUSY_PERCENT,
    periods: 5,
    description: `The tasks use ${BUSY_PERCENT}% of their CPU, and scaling does not add more. Raise the maximum number of tasks (scaling.tasks).`,
    catalogueIds: ['ecs-scale-cpu-40'],
  });
}
