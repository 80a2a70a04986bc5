import { type CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FargateApi } from '../../compute/fargate-api';
import { HandlerFunction } from '../../compute/handler-function';
import type { Alarms } from '../alarms';
import { watchLoadBalancer } from '../load-balancer-alarms';
import type { WatchedKind } from './watched-kind';

const p99 = { statistic: 'p99' };

/** Functions of CDK, which run at deployments alone: its provider framework, bucket deployments, and calls of the SDK. */
const OF_CDK = /^(framework-(onEvent|isComplete|onTimeout)$|Custom::|AWS[0-9a-f]{32}$)/;

/** The lines of a function's log. The filter reads `level`, which is in JSON alone. */
function watchLinesOf(alarms: Alarms, id: string, fn: LambdaFunction): void {
  const { logFormat, logGroup } = ((fn.node.defaultChild as CfnFunction).loggingConfig ??
    {}) as CfnFunction.LoggingConfigProperty;
  // CDK makes a custom resource for whoever asks for a log group that was not passed.
  if (logFormat !== 'JSON' || logGroup === undefined || alarms.isDecided(fn.logGroup)) return;
  const { scope } = fn.node;
  const path = scope instanceof HandlerFunction ? scope.node.path : fn.node.path;
  alarms.watchErrorLines(alarms.nameOf(fn) ?? id, fn.logGroup, path);
}

const functions: WatchedKind = {
  types: ['AWS::Lambda::Function'],
  find: (fn) => {
    if (!(fn instanceof LambdaFunction) || OF_CDK.test(fn.node.id)) return undefined;
    return {
      resource: fn,
      watch: (alarms, id) => alarms.watchFunction(id, fn),
      watchLines: (alarms, id) => watchLinesOf(alarms, id, fn),
      row: {
        title: 'Other functions',
        name: fn.functionName,
        graphs: { Errors: fn.metricErrors(), Throttles: fn.metricThrottles(), Duration: fn.metricDuration(p99) },
      },
    };
  },
};

const fargateApis: WatchedKind = {
  types: ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup'],
  find: (api) => {
    if (!(api instanceof FargateApi)) return undefined;
    const { service, task, metrics } = api;
    const { loadBalancer, targetGroup } = api.balancer;
    return {
      resource: service,
      watch: (alarms, id) => watchLoadBalancer(alarms, { loadBalancer, targetGroup, service }, id),
      watchLines: (alarms, id) => {
        if (!alarms.isDecided(task.logGroup)) alarms.watchErrorLines(id, task.logGroup, task.node.path);
      },
      row: {
        title: 'Other services',
        name: service.serviceName,
        graphs: {
          Requests: metrics.requests,
          'Server errors (5xx)': metrics.serverErrors,
          'Latency p99': metrics.latencyP99,
          CPU: metrics.cpu,
        },
      },
    };
  },
};

/** Functions and services. */
export const COMPUTE: readonly WatchedKind[] = [functions, fargateApis];
