import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** Log everything, but logs never expire unless told. */
export const cwLogRetention: Rule = {
  id: 'cw-log-retention',
  types: ['AWS::Logs::LogGroup', 'AWS::Lambda::Function'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::Logs::LogGroup')
      return mustHold(resource.has('RetentionInDays'), 'RetentionInDays is not set: logs never expire');
    if (isDeploymentHelper(resource)) return notApplicable;
    return mustHold(
      resource.has('LoggingConfig.LogGroup') &&
        inventory.referent(resource, resource.get('LoggingConfig.LogGroup')) !== undefined,
      'Lambda makes its log group itself, without retention; allowed: LoggingConfig.LogGroup of the stack',
    );
  },
};
