import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { MutableTemplate } from '../../local/weaken/mutable-template';
import { describeWith } from '../fixtures/describe-with';
import type { TemplateResource } from '../synthesize';
import type { Resources } from './live-alarms-emitted';
import { expectAlarms, expectLiveAlarms, expectLiveGraphs } from './live-alarms-rules';
import { graphsOf, metricsOf, named, ownMetric } from './live-alarms-template';
import { metricsOfWebApp } from './live-alarms-web-app-run';
import { type Deployed, deployedWebApp } from './web-app/deployed';

/** What alarms and graphs look at of what our code sends; {@link metricsOfWebApp} shows that it does. */
const OWN = new Set([
  ...['CacheBypasses', 'CacheHits', 'CacheMisses'].map((name) => ownMetric('items-api', name)),
  ...['UploadsQuarantined', 'UploadsReady'].map((name) => ownMetric('inspect-upload', name)),
]);

const COMPUTES = ['lambda', 'fargate'] as const;
type Compute = (typeof COMPUTES)[number];

const known = new Map<string, Deployed>();
function deployed(stage: StageName, compute: Compute): Deployed {
  const key = `${stage} ${compute}`;
  const app = known.get(key) ?? deployedWebApp(stage, compute);
  known.set(key, app);
  return app;
}

const resourcesOf = ({ Resources: resources }: { readonly Resources: object }) => resources as Resources;
const ofType = (resources: Resources, type: string) => Object.values(resources).filter(({ Type }) => Type === type);
const variants = STAGE_NAMES.flatMap((stage) => COMPUTES.map((compute) => [stage, compute] as const));

describe.each(variants)('alarms in %s with %s', (stage, compute) => {
  const app = deployed(stage, compute);
  const resources = resourcesOf(app.regional);
  const edge = resourcesOf(app.edge);
  const full = stage !== 'dev';
  const proxies = ofType(resources, 'AWS::RDS::DBProxy');

  it('watch metrics that the resource really emits, act on the topic, and say what missing data means', () => {
    expectLiveAlarms(resources, OWN);
  });

  it('fixture beside graphs of metrics that exist', () => {
    expectLiveGraphs(resources, OWN, full ? 15 : 0);
  });

  it('watch the firewall where it is measured, by a topic there', () => {
    if (!full) return expect(ofType(edge, 'AWS::CloudWatch::Alarm')).toEqual([]);
    expectLiveAlarms(edge, OWN);
    expectAlarms(edge, ofType(edge, 'AWS::WAFv2::WebACL'), ['BlockedRequests']);
  });

  it('watch the connections and the capacity of the database, and how its proxy lends', () => {
    expectAlarms(resources, ofType(resources, 'AWS::RDS::DBCluster'), ['DatabaseConnections', 'ACUUtilization']);
    expect(proxies).toHaveLength(full && compute === 'lambda' ? 1 : 0);
    expectAlarms(resources, proxies, ['ClientConnections', 'DatabaseConnectionsBorrowLatency']);
  });

  it('watch what the cache refuses, and what goes on without it', () => {
    const caches = ofType(resources, 'AWS::ElastiCache::ServerlessCache');
    expect(caches).toHaveLength(1);
    expectAlarms(resources, caches, ['ThrottledCmds', ...(full ? ['BytesUsedForCache'] : [])]);
    expect(own(resources, 'items-api')).toEqual(full ? ['CacheBypasses'] : []);
  });

  it('watch files on their way: how long they wait, what was given up, and those that lie', () => {
    const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(1);
    const work = mappings.map(({ Properties }) => named(Properties['EventSourceArn'], resources));
    const queues = ofType(resources, 'AWS::SQS::Queue');
    expectAlarms(resources, defined(work), ['ApproximateAgeOfOldestMessage']);
    const dead = queues.filter((queue) => !work.includes(queue));
    expect(dead).toHaveLength(2);
    expectAlarms(resources, dead, ['ApproximateNumberOfMessagesVisible']);
    const rules = ofType(resources, 'AWS::Events::Rule');
    expectAlarms(resources, rules, full ? ['FailedInvocations', 'InvocationsSentToDlq'] : []);
    expect(own(resources, 'inspect-upload')).toEqual(full ? ['UploadsQuarantined'] : []);
  });

  it('watch the throttles of each function that somebody waits for', () => {
    const functions = ofType(resources, 'AWS::Lambda::Function').filter(
      ({ Properties }) => Properties['VpcConfig'] !== undefined,
    );
    expect(functions).toHaveLength(compute === 'lambda' ? 2 : 1);
    expectAlarms(resources, functions, ['Throttles']);
  });

  it('watch the errors and the latency of what answers', () => {
    if (compute === 'lambda') {
      expectAlarms(resources, ofType(resources, 'AWS::ApiGatewayV2::Api'), ['5xx', 'Latency']);
      return;
    }
    const balancers = ofType(resources, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancers).toHaveLength(1);
    expectAlarms(resources, balancers, [
      'HTTPCode_ELB_5XX_Count',
      'HTTPCode_Target_5XX_Count',
      'TargetResponseTime',
      'UnHealthyHostCount',
    ]);
    if (full) expectAlarms(resources, ofType(resources, 'AWS::ECS::Service'), ['CPUUtilization']);
  });

  it('watch what leaves by NAT, where there is any', () => {
    const gateways = ofType(resources, 'AWS::EC2::NatGateway');
    expect(gateways).toHaveLength(compute === 'fargate' ? 1 : 0);
    expectAlarms(resources, gateways, ['BytesOutToDestination', 'ErrorPortAllocation']);
  });
});

/** Alarms on what our code sends, by service. */
function own(resources: Resources, service: string): string[] {
  return ofType(resources, 'AWS::CloudWatch::Alarm')
    .flatMap(metricsOf)
    .filter(({ namespace, dimensions }) => namespace === 'Groundplan' && dimensions['service'] === service)
    .map(({ name }) => name);
}

function defined(values: readonly (TemplateResource | undefined)[]): TemplateResource[] {
  return values.filter((value) => value !== undefined);
}

it.each(COMPUTES)('the dashboard shows what a request meets, with %s', (compute) => {
  const resources = resourcesOf(deployed('prod', compute).regional);
  const [dashboard] = ofType(resources, 'AWS::CloudWatch::Dashboard');
  const graphs = dashboard === undefined ? [] : [...graphsOf(dashboard).values()].flat();
  const shown: Readonly<Record<string, readonly string[]>> = {
    ...(compute === 'lambda'
      ? {
          ApiId: ['Count', '4xx', '5xx', 'Latency'],
          FunctionName: ['ConcurrentExecutions', 'Throttles', 'Errors'],
          ProxyName: ['ClientConnections', 'DatabaseConnections', 'DatabaseConnectionsBorrowLatency'],
        }
      : {
          LoadBalancer: ['RequestCount', 'HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count', 'TargetResponseTime'],
          TargetGroup: ['UnHealthyHostCount'],
          ServiceName: ['CPUUtilization', 'MemoryUtilization'],
        }),
    QueueName: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
    DBClusterIdentifier: ['ACUUtilization', 'DatabaseConnections', 'AuroraReplicaLagMaximum', 'Deadlocks'],
    clusterId: ['BytesUsedForCache', 'ElastiCacheProcessingUnits', 'ThrottledCmds'],
    service: ['UploadsReady', 'UploadsQuarantined', 'CacheHits', 'CacheMisses', 'CacheBypasses'],
  };
  for (const [dimension, expected] of Object.entries(shown)) {
    const names = graphs.filter(({ dimensions }) => dimension in dimensions).map(({ name }) => name);
    expect(names, dimension).toEqual(expect.arrayContaining([...expected]));
  }
});

describeWith('PostgreSQL', 'Redis')('the code of the web app', () => {
  it('sends what alarms and graphs look at', async () => {
    expect([...(await metricsOfWebApp())]).toEqual(expect.arrayContaining([...OWN]));
  });
});

describe('the proof itself', () => {
  const ALARM = 'AWS::CloudWatch::Alarm';
  const dimension = (t: MutableTemplate, alarm: string) =>
    (t.properties(ALARM, alarm)['Dimensions'] as { Name: string; Value: unknown }[])[0] ?? { Name: '', Value: '' };
  const ruin: Readonly<Record<string, readonly [Compute, (template: MutableTemplate) => void]>> = {
    "clients of one of the proxy's hosts alone": [
      'lambda',
      (t) => t.set(ALARM, 'Statistic', 'Maximum', 'ProxyClients'),
    ],
    'a cache by the name of a node': [
      'lambda',
      (t) => {
        dimension(t, 'CacheThrottles').Name = 'CacheClusterId';
      },
    ],
    'a cache of another name': [
      'lambda',
      (t) => t.set('AWS::ElastiCache::ServerlessCache', 'ServerlessCacheName', 'x'),
    ],
    'misses of a serverless cache': ['lambda', (t) => t.set(ALARM, 'MetricName', 'CacheMisses', 'CacheThrottles')],
    'capacity of a cluster with instances of a size': [
      'lambda',
      (t) => t.drop('AWS::RDS::DBCluster', 'ServerlessV2ScalingConfiguration'),
    ],
    'a rule of a bus of its own': [
      'lambda',
      (t) => {
        t.properties('AWS::Events::Rule')['EventBusName'] = 'orders';
      },
    ],
    'files that no function tells of': [
      'lambda',
      (t) => t.set('AWS::Lambda::Function', 'Environment.Variables.POWERTOOLS_SERVICE_NAME', 'inspect', 'Inspector'),
    ],
    'a target group that nobody passes on to': [
      'fargate',
      (t) => t.set('AWS::ElasticLoadBalancingV2::Listener', 'DefaultActions', []),
    ],
    "a part of a load balancer's name": [
      'fargate',
      (t) => {
        const { Value } = dimension(t, 'UnhealthyHosts');
        (Value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].pop();
      },
    ],
    'a service of another cluster': ['fargate', (t) => t.set('AWS::ECS::Service', 'Cluster', { Ref: 'Other' })],
    'a container of another name': [
      'fargate',
      (t) => {
        const [container] = t.properties('AWS::ECS::TaskDefinition')['ContainerDefinitions'] as {
          Environment: unknown[];
        }[];
        container?.Environment.splice(0);
      },
    ],
  };

  it.each(Object.entries(ruin))('finds %s', (_, [compute, take]) => {
    const template = new MutableTemplate(deployed('staging', compute).regional);
    take(template);
    expect(() => expectLiveAlarms(resourcesOf(template.document), OWN)).toThrow();
  });

  it('finds a firewall by another name, and one that tells nobody in its region', () => {
    for (const take of [
      (t: MutableTemplate) => t.set('AWS::WAFv2::WebACL', 'VisibilityConfig.MetricName', 'other'),
      (t: MutableTemplate) => t.set('AWS::WAFv2::WebACL', 'Scope', 'REGIONAL'),
      (t: MutableTemplate) => t.remove('AWS::SNS::Topic'),
    ]) {
      const template = new MutableTemplate(deployed('staging', 'lambda').edge);
      take(template);
      expect(() => expectLiveAlarms(resourcesOf(template.document), OWN)).toThrow();
    }
  });

  it('finds a lag of readers where there are none', () => {
    const template = new MutableTemplate(deployed('staging', 'lambda').regional);
    template.remove('AWS::RDS::DBInstance', 'Reader');
    expect(() => expectLiveGraphs(resourcesOf(template.document), OWN, 1)).toThrow(/AuroraReplicaLagMaximum/);
  });
});
