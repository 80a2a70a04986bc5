import { ebTargetDlq } from '../../../../../lib/checks/rules/eventbridge-and-msk/eb-target-dlq';
import { alarm, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const target = { Id: 'queue', Arn: 'arn', DeadLetterConfig: { Arn: 'arn' }, RetryPolicy: {} };
const rule: Literals = {
  Rule: ['AWS::Events::Rule', { Targets: [target, { ...target, Id: 'more' }] }],
  Failed: alarm('AWS/Events', 'FailedInvocations', ref('Rule')),
  Dead: alarm('AWS/Events', 'InvocationsSentToDlq', ref('Rule')),
};
const lost = 'target more loses what it cannot deliver: no DeadLetterConfig';

cases(ebTargetDlq, rule, [
  ['compliant', 'what cannot be delivered is kept, and seen'],
  ['violation', 'one keeps nothing', { 'Rule.Targets.1.DeadLetterConfig': undefined }, lost],
  ['violation', 'one has an empty setting', { 'Rule.Targets.1.DeadLetterConfig': {} }, lost],
  [
    'violation',
    'one is not tried again',
    { 'Rule.Targets.1.RetryPolicy': undefined },
    'target more has no RetryPolicy',
  ],
  ['violation', 'failures are not seen', { Failed: undefined }, 'no alarm on FailedInvocations'],
  ['violation', 'dead letters are not', { Dead: undefined }, 'no alarm on InvocationsSentToDlq'],
  ['compliant', 'in development', { Failed: undefined, Dead: undefined }, { strict: false }],
  [
    'violation',
    'in development it keeps nothing',
    { 'Rule.Targets.1.DeadLetterConfig': undefined },
    lost,
    { strict: false },
  ],
  ['not-applicable', 'it has no target', { 'Rule.Targets': [] }],
  ['cannot-tell', 'a parameter says it', { 'Rule.Targets': PARAMETER }],
]);
