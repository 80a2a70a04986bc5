import { notApplicable, type Rule, verdict } from '../../rule';

export const ebTargetDlq: Rule = {
  id: 'eb-target-dlq',
  title: 'Each target of a rule has a dead-letter queue and a retry policy, and alarms watch it',
  why: 'EventBridge tries a target for up to 24 hours and then drops the event. Without a dead-letter queue it is lost, and without an alarm you hear of it from a customer.',
  fix: 'Set DeadLetterConfig and RetryPolicy on each target (deadLetterQueue and retryAttempts in the CDK), and add alarms on FailedInvocations and InvocationsSentToDlq of AWS/Events.',
  severity: 'error',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
  example: {
    fixed: {
      Placed: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { 'detail-type': ['OrderPlaced'] },
          Targets: [
            {
              Id: 'queue',
              Arn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
              DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
              RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
            },
          ],
        },
      },
      Orders: { Type: 'AWS::SQS::Queue' },
      Failed: { Type: 'AWS::SQS::Queue' },
      Undelivered: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Events',
          MetricName: 'FailedInvocations',
          Dimensions: [{ Name: 'RuleName', Value: { Ref: 'Placed' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
      DeadLetters: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Events',
          MetricName: 'InvocationsSentToDlq',
          Dimensions: [{ Name: 'RuleName', Value: { Ref: 'Placed' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    broken: [
      { 'Placed.Properties.Targets.0.DeadLetterConfig': null },
      { 'Placed.Properties.Targets.0.RetryPolicy': null },
      { Undelivered: null },
      { DeadLetters: null },
    ],
  },
  types: ['AWS::Events::Rule'],
  check: (rule, inventory) => {
    const targets = rule.maps<{
      Id?: string;
      DeadLetterConfig?: { Arn?: unknown };
      RetryPolicy?: unknown;
    }>('Targets');
    if (targets.length === 0) return notApplicable;
    return verdict(
      targets.map(
        ({ Id, DeadLetterConfig }) =>
          DeadLetterConfig?.Arn === undefined && `target ${Id} loses what it cannot deliver: no DeadLetterConfig`,
      ),
      [
        ...targets.map(({ Id, RetryPolicy }) => RetryPolicy === undefined && `target ${Id} has no RetryPolicy`),
        ...['FailedInvocations', 'InvocationsSentToDlq'].map(
          (metric) =>
            inventory.strict && inventory.alarmsOn('AWS/Events', metric, rule).length === 0 && `no alarm on ${metric}`,
        ),
      ],
    );
  },
};
