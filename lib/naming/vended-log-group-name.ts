import type { IConstruct } from 'constructs';
import { VENDED } from '../facts/log-delivery';
import { stackOwnName } from './stack-own-name';

/** What is readable in a list of log groups; the longest name is 512 (AWS: CloudWatch Logs, CreateLogGroup). */
const MAX_LENGTH = 100;

/**
 * The name of a log group to which a service delivers by the account's log-delivery policy. Names with this beginning share one entry
 * there; any other adds one that no deletion removes, until the policy is full and no stack can be made.
 *
 * @param service what delivers, such as `states`
 */
export function vendedLogGroupName(scope: IConstruct, service: string): string {
  return `${VENDED}${service}/${stackOwnName(scope, { maxLength: MAX_LENGTH })}`;
}
