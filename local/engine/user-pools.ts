import type { ResolvedTemplate } from '../assembly/resolved-template';
import { LocalUserPool } from '../aws/user-pool';
import { checkUserPools } from '../aws/user-pool-limits';

/** The user pools of a template, by name. @throws AwsError for a pool or client that Cognito refuses */
export function userPoolsOf(
  template: ResolvedTemplate,
  now: () => number,
  newId: () => string,
): ReadonlyMap<string, LocalUserPool> {
  checkUserPools(template);
  return new Map(
    template.ofType('AWS::Cognito::UserPool').map(({ name, attributes: { ProviderURL = '' } }) => {
      return [name, new LocalUserPool(ProviderURL, now, newId)] as const;
    }),
  );
}
