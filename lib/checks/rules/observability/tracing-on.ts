import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

export const tracingOn: Rule = {
  id: 'tracing-on',
  title: 'Functions, state machines and REST APIs trace their requests',
  why: 'A request passes through many services. Without a trace, which of them was slow or failed is a search through the log of each.',
  fix: 'Set TracingConfig.Mode of a function to Active, TracingConfiguration.Enabled of a state machine, and TracingEnabled of a stage. In the CDK, set tracing or tracingEnabled.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  example: {
    fixed: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } },
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { TracingConfiguration: { Enabled: true } },
      },
      Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' }, TracingEnabled: true } },
    },
    broken: [
      { 'Function.Properties.TracingConfig.Mode': 'PassThrough' },
      { 'Function.Properties.TracingConfig': null },
      { 'StateMachine.Properties.TracingConfiguration': null },
      { 'Stage.Properties.TracingEnabled': null },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::ApiGateway::Stage'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::StepFunctions::StateMachine')
      return mustHold(resource.flag('TracingConfiguration.Enabled') === true, 'TracingConfiguration is not enabled');
    if (resource.type === 'AWS::ApiGateway::Stage')
      return mustHold(resource.flag('TracingEnabled') === true, 'TracingEnabled is not true');
    if (isDeploymentHelper(resource) || inventory.makesCustomResource(resource)) return notApplicable;
    return mustHold(resource.literal('TracingConfig.Mode') === 'Active', 'TracingConfig.Mode is not Active');
  },
};
