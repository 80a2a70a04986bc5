import { tracingOn } from '../../../../../lib/checks/rules/observability/tracing-on';
import { cases, mustBe, PARAMETER } from '../../literal-fixture';

cases(tracingOn, { Fn: ['AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } }] }, [
  ['compliant', 'it traces'],
  ['violation', 'it passes traces on', { 'Fn.TracingConfig.Mode': 'PassThrough' }, 'TracingConfig.Mode is not Active'],
  ['violation', 'it does not say', { 'Fn.TracingConfig': undefined }, 'TracingConfig.Mode is not Active'],
  ['not-applicable', 'CDK runs it', { 'Fn.TracingConfig': undefined, 'Fn.Handler': 'framework.onEvent' }],
  [
    'not-applicable',
    'it makes a custom resource',
    { 'Fn.TracingConfig': undefined, It: ['Custom::It', { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
  ],
  ['cannot-tell', 'a parameter says it', { 'Fn.TracingConfig.Mode': PARAMETER }],
]);
mustBe(
  tracingOn,
  { Machine: ['AWS::StepFunctions::StateMachine', {}] },
  'Machine.TracingConfiguration.Enabled',
  true,
  'TracingConfiguration is not enabled',
  'violation',
);
mustBe(
  tracingOn,
  { Stage: ['AWS::ApiGateway::Stage', {}] },
  'Stage.TracingEnabled',
  true,
  'TracingEnabled is not true',
  'violation',
);
