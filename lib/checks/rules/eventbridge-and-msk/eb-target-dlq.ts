import { notApplicable, type Rule, verdict } from '../../rule';

/** A rule target that fails loses the event without a DLQ. */
export const ebTargetDlq: Rule = {
  id: 'eb-target-dlq',
  types: ['AWS::Events::Rule'],
  check: (rule, inventory) => {
    const targets = rule.list('Targets') as {
      Id?: string;
      DeadLetterConfig?: { Arn?: unknown };
      RetryPolicy?: unknown;
    }[];
    if (targets.length === 0) return notApplicable;
    return verdict([
      ...targets.flatMap(({ Id, DeadLetterConfig, RetryPolicy }) => [
        DeadLetterConfig?.Arn === undefined && `target ${Id} loses what it cannot deliver: no DeadLetterConfig`,
        RetryPolicy === undefined && `target ${Id} has no RetryPolicy`,
      ]),
      ...['FailedInvocations', 'InvocationsSentToDlq'].map(
        (metric) =>
          inventory.strict && inventory.alarmsOn('AWS/Events', metric, rule).length === 0 && `no alarm on ${metric}`,
      ),
    ]);
  },
};
