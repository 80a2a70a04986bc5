import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DeadLetterQueue } from '../../messaging/dead-letter-queue';
import { pipeMetric } from '../../messaging/stream-pipe';
import { ruleMetric } from '../rule-metric';
import type { WatchedKind } from './watched-kind';

const sum = { statistic: Stats.SUM };
const p99 = { statistic: 'p99' };

const queues: WatchedKind = {
  types: ['AWS::SQS::Queue'],
  find: (queue) => {
    if (!(queue instanceof Queue)) return undefined;
    const messages = queue.metricApproximateNumberOfMessagesVisible();
    if (queue instanceof DeadLetterQueue) {
      const row = { title: 'Other dead-letter queues', name: queue.queueName, graphs: { 'Dead letters': messages } };
      return { resource: queue, watch: (alarms, id) => alarms.watchDeadLetters(id, queue), row };
    }
    const age = queue.metricApproximateAgeOfOldestMessage();
    const graphs = { 'Queue depth': messages, 'Age of the oldest message': age };
    return {
      resource: queue,
      watch: (alarms, id) => alarms.watchQueue(id, queue),
      row: { title: 'Other queues', name: queue.queueName, graphs },
    };
  },
};

const topics: WatchedKind = {
  types: ['AWS::SNS::Topic'],
  find: (topic) => {
    if (!(topic instanceof Topic)) return undefined;
    return {
      resource: topic,
      watch: (alarms, id) => alarms.watchTopic(id, topic),
      row: {
        title: 'Other topics',
        name: topic.topicName,
        graphs: {
          'Published messages': topic.metricNumberOfMessagesPublished(),
          'Failed notifications': topic.metricNumberOfNotificationsFailed(),
        },
      },
    };
  },
};

const rules: WatchedKind = {
  types: ['AWS::Events::Rule'],
  find: (rule) => {
    if (!(rule instanceof Rule)) return undefined;
    const bus = busOf(rule);
    return {
      resource: rule,
      watch: (alarms, id) => alarms.watchRule(id, rule, bus),
      row: {
        title: 'Rules',
        name: rule.ruleName,
        graphs: {
          'Failed invocations': ruleMetric(rule, 'FailedInvocations', bus),
          'Sent to the dead-letter queue': ruleMetric(rule, 'InvocationsSentToDlq', bus),
        },
      },
    };
  },
};

/** The bus of a rule, by its name or ARN as the rule has it; undefined for the account's default bus. */
function busOf(rule: Rule): { readonly eventBusName: string } | undefined {
  const { eventBusName } = rule.node.defaultChild as CfnRule;
  return eventBusName === undefined || eventBusName === 'default' ? undefined : { eventBusName };
}

const pipes: WatchedKind = {
  types: ['AWS::Pipes::Pipe'],
  find: (pipe) => {
    if (!CfnPipe.isCfnPipe(pipe)) return undefined;
    return {
      resource: pipe,
      watch: (alarms, id) => alarms.watchPipe(id, pipe),
      row: {
        title: 'Pipes',
        name: pipe.ref,
        graphs: {
          'Failed executions': pipeMetric(pipe, 'ExecutionFailed', sum),
          'Throttled executions': pipeMetric(pipe, 'ExecutionThrottled', sum),
          Duration: pipeMetric(pipe, 'Duration', p99),
        },
      },
    };
  },
};

const workflows: WatchedKind = {
  types: ['AWS::StepFunctions::StateMachine'],
  find: (machine) => {
    if (!(machine instanceof StateMachine)) return undefined;
    return {
      resource: machine,
      watch: (alarms, id) => alarms.watchWorkflow(id, machine),
      row: {
        title: 'Other workflows',
        name: machine.stateMachineArn,
        graphs: {
          'Started executions': machine.metricStarted(),
          'Failed executions': machine.metricFailed(),
          'Timed-out executions': machine.metricTimedOut(),
          Duration: machine.metricTime(),
        },
      },
    };
  },
};

/** What carries messages and events. */
export const MESSAGING: readonly WatchedKind[] = [queues, topics, rules, pipes, workflows];
