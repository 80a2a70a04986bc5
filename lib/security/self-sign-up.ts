import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';
import type { UserDirectoryProps } from './user-directory';

/**
 * Refuses to say who may make an account in a user pool that is brought, or where there is none.
 *
 * @throws RefusedValueError for a value
 */
export function refuseSelfSignUp(
  scope: IConstruct,
  prop: string,
  { selfSignUp }: Pick<UserDirectoryProps, 'selfSignUp'> = {},
): void {
  if (selfSignUp === undefined) return;
  refuse(scope, {
    prop,
    value: selfSignUp,
    allowed: 'only with a user pool of the pattern',
    fix: 'omit it, and set it where your user pool is created',
  });
}
