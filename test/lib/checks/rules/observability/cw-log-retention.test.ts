import { cwLogRetention } from '../../../../../lib/checks/rules/observability/cw-log-retention';
import { cases, PARAMETER, ref } from '../../literal-fixture';

const says = 'Lambda makes its log group itself, without retention';

cases(cwLogRetention, { Log: ['AWS::Logs::LogGroup', { RetentionInDays: 30 }] }, [
  ['compliant', 'lines expire'],
  ['violation', 'they never do', { 'Log.RetentionInDays': undefined }, 'RetentionInDays is not set: logs never expire'],
]);
cases(
  cwLogRetention,
  { Fn: ['AWS::Lambda::Function', { LoggingConfig: { LogGroup: ref('Log') } }], Log: ['AWS::Logs::LogGroup', {}] },
  [
    ['compliant', 'it has a log of the stack'],
    ['violation', 'it has none', { 'Fn.LoggingConfig': undefined }, says],
    ['violation', 'it has one of elsewhere', { 'Fn.LoggingConfig.LogGroup': '/aws/lambda/fn' }, says],
    ['not-applicable', 'CDK runs it', { 'Fn.LoggingConfig': undefined, 'Fn.Handler': '__entrypoint__.handler' }],
    ['cannot-tell', 'a parameter says it', { 'Fn.LoggingConfig': PARAMETER }],
  ],
);
