import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** Trace requests across services, sampled (1/s + 5%). */
export const tracingOn: Rule = {
  id: 'tracing-on',
  types: ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine', 'AWS::ApiGateway::Stage'],
  check: (resource) => {
    if (resource.type === 'AWS::StepFunctions::StateMachine')
      return mustHold(resource.flag('TracingConfiguration.Enabled') === true, 'TracingConfiguration is not enabled');
    if (resource.type === 'AWS::ApiGateway::Stage')
      return mustHold(resource.flag('TracingEnabled') === true, 'TracingEnabled is not true');
    if (isDeploymentHelper(resource)) return notApplicable;
    return mustHold(resource.literal('TracingConfig.Mode') === 'Active', 'TracingConfig.Mode is not Active');
  },
};
