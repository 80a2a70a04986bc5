import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from '../monitoring/alarm-topic';
import { Alarms } from '../monitoring/alarms';
import { DataKey } from '../security/data-key';
import type { StageSettings } from '../stage/stage';
import { EDGE_REGION, edgeScope } from './edge-region';

/** Props of {@link EdgeAlarms}. */
export interface EdgeAlarmsProps {
  readonly stage: StageSettings;
  /** What the web ACL's metrics are named by. */
  readonly metricName: string;
  /** Rules that block by address or country, as metrics call them; what they block is left out. @default - none */
  readonly listRules?: readonly string[];
  /** Where the application's alarms go, if that is in us-east-1. */
  readonly topic: ITopic;
  /** Address that a topic in us-east-1 notifies, if it is not. @default - no one; prod then asks at deployment */
  readonly email?: string;
}

/** Requests that the firewall blocks within five minutes, for three in a row: an attack, or a rule that is too strict. */
const BLOCKED = 100;

/**
 * Alarms on what CloudFront's firewall does. AWS WAF measures it in us-east-1, and an alarm and its topic live where their metric
 * is, so for an application elsewhere there is a second topic, with a key of its own ($1 a month).
 */
export class EdgeAlarms extends Construct {
  readonly alarms: Alarms;

  /** @throws RefusedValueError when the stack does not say its region. */
  constructor(scope: Construct, id: string, props: EdgeAlarmsProps) {
    super(scope, id);
    const { stage, topic, email } = props;
    const edge = edgeScope(this);
    this.alarms = new Alarms(edge, 'Alarms', {
      stage,
      topic: Stack.of(this).region === EDGE_REGION ? topic : topicAt(edge, stage, email),
    });
    this.alarms.add('BlockedRequests', {
      metric: blocked(props),
      threshold: BLOCKED,
      periods: 3,
      description: `AWS WAF blocks ${BLOCKED} requests in five minutes or more. Its sampled requests show whether this is an attack or a rule that blocks your users.`,
      catalogueIds: ['waf-managed-rules', 'waf-rate-rule'],
    });
  }
}

/** Requests that are blocked, but for those of the lists: the world knocks on what is not for it, and that pages no one. */
function blocked({ metricName, listRules = [] }: EdgeAlarmsProps): IMetric {
  const period = Duration.minutes(5);
  const of = (Rule: string) =>
    new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      statistic: Stats.SUM,
      period,
      // For scope CLOUDFRONT there is no dimension Region (AWS: AWS WAF metrics and dimensions).
      dimensionsMap: { WebACL: metricName, Rule },
    });
  if (listRules.length === 0) return of('ALL');
  const listed = listRules.map((rule, index) => [`list${index}`, of(rule)] as const);
  return new MathExpression({
    expression: ['all', ...listed.map(([id]) => `FILL(${id}, 0)`)].join(' - '),
    usingMetrics: { all: of('ALL'), ...Object.fromEntries(listed) },
    label: 'Blocked requests, but for those of lists',
    period,
  });
}

function topicAt(edge: Construct, stage: StageSettings, email: string | undefined): ITopic {
  const description = `Alarms of the resources that CloudFront requires in ${EDGE_REGION}`;
  const { key: encryptionKey } = new DataKey(edge, 'DataKey', { stage, description });
  return new AlarmTopic(edge, 'AlarmTopic', { stage, encryptionKey, email }).topic;
}
