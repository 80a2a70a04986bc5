import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { PreSignUpTriggerEvent } from 'aws-lambda';
import { Environment } from '../../runtime/contract';
import { requiredVariable } from '../../runtime/environment';
import { logger, metrics } from '../../runtime/observability';

/** Cognito shows the message to who signs up, after `PreSignUp failed with error ` and with a full stop behind it. */
class SignUpRefused extends Error {
  override readonly name = 'SignUpRefused';
}

/** Whether the domain, which is what follows the last @, is one of those that may sign up. A subdomain is another domain. */
function isAllowed(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const allowed = requiredVariable(Environment.allowedEmailDomains).toLowerCase().split(',');
  return address.includes('@') && allowed.includes(domain);
}

/** An account that may be made. What fails here is logged by our own logger, which alarms tell from a refusal by. */
function mayBeMade({ triggerSource, request: { userAttributes } }: PreSignUpTriggerEvent): boolean {
  try {
    // An administrator decides by hand; everyone else is checked, also who comes from an identity provider for the first time.
    return triggerSource === 'PreSignUp_AdminCreateUser' || isAllowed(userAttributes['email'] ?? '');
  } catch (error) {
    logger.error('A sign-up could not be checked', { triggerSource, error: error as Error });
    throw error;
  }
}

/**
 * Pre sign-up trigger of a user pool: lets in addresses of some domains alone. A trigger refuses by an error, for which Lambda counts
 * an error, and the runtime writes a line at level ERROR; see `refusesByThrowing`.
 */
export const handler = async (event: PreSignUpTriggerEvent): Promise<PreSignUpTriggerEvent> => {
  if (mayBeMade(event)) return event;
  logger.info('A sign-up was refused', { triggerSource: event.triggerSource });
  metrics.addMetric('SignUpsRefused', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  throw new SignUpRefused('Only e-mail addresses of certain domains may sign up');
};
