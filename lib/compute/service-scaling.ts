import { Duration } from 'aws-cdk-lib';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** How many tasks run. */
export interface TaskCount {
  /** At least 2: one is left when the other or its Availability Zone goes (ecs-self-healing-service). */
  readonly min: number;
  /** At least `min`, and the bound of the bill. */
  readonly max: number;
}

/** What makes the number of tasks grow. */
export interface ServiceScaling {
  readonly tasks: TaskCount;
  /** Requests that one task is to answer in a minute. */
  readonly requestsPerMinutePerTask: number;
}

/** A new task takes 30 to 60 s, so that scaling must begin while there is room (guide 56). */
const CPU_PERCENT = 40;

/** @throws RefusedValueError for numbers that leave a single task, or no room. */
export function refuseScaling(scope: IConstruct, { tasks, requestsPerMinutePerTask }: ServiceScaling): void {
  const { min, max } = tasks;
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 2 || max < min) {
    refuse(scope, {
      prop: 'tasks',
      value: `${min} to ${max}`,
      allowed: 'whole numbers: min at least 2, max at least min',
      fix: 'run at least two tasks: with one task each failure is an outage',
      catalogueId: 'ecs-self-healing-service',
    });
  }
  if (!(requestsPerMinutePerTask >= 1)) {
    refuse(scope, {
      prop: 'requestsPerMinutePerTask',
      value: requestsPerMinutePerTask,
      allowed: 'at least 1',
      fix: 'pass the number of requests a minute that one task serves at 40% of its CPU',
      catalogueId: 'ecs-provisioning-lead-time',
    });
  }
}

/**
 * Target tracking on CPU and on requests; whichever asks for more tasks wins. The service states no desired count of its own:
 * CloudFormation would set it anew with each deployment and take away at a peak what scaling had added (CDK issue 3919).
 */
export function scaleService(
  service: FargateService,
  targetGroup: ApplicationTargetGroup,
  { tasks, requestsPerMinutePerTask }: ServiceScaling,
): ScalableTaskCount {
  const scaling = service.autoScaleTaskCount({ minCapacity: tasks.min, maxCapacity: tasks.max });
  const cooldowns = { scaleOutCooldown: Duration.minutes(1), scaleInCooldown: Duration.minutes(5) };
  scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: CPU_PERCENT, ...cooldowns });
  scaling.scaleOnRequestCount('Requests', { requestsPerTarget: requestsPerMinutePerTask, targetGroup, ...cooldowns });
  for (const part of scaling.node.findAll()) {
    handles(part, 'ecs-scale-cpu-40', 'ecs-target-tracking', 'ecs-provisioning-lead-time');
  }
  return scaling;
}
