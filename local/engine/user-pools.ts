import type { ResolvedTemplate } from '../assembly/resolved-template';
import { LocalUserPool } from '../aws/user-pool';
import { checkUserPools } from '../aws/user-pool-limits';

/** The user pools of a template, by name. @throws AwsError for a pool or client that Cognito refuses */
export function userPoolsOf(
  template: ResolvedTemplate,
  now: () => number,
  newId: () => string,
  /** The function that an ARN names. */
  functionOf: (arn: string) => { invoke(event: unknown): Promise<unknown> },
): ReadonlyMap<string, LocalUserPool> {
  checkUserPools(template);
  return new Map(
    template.ofType('AWS::Cognito::UserPool').map(({ name, properties, attributes: { ProviderURL = '' } }) => {
      const { PreSignUp: arn, ...others } = (properties['LambdaConfig'] ?? {}) as Readonly<Record<string, string>>;
      const [other] = Object.keys(others);
      if (other !== undefined) throw new Error(`The local engine does not know the trigger ${other} of a user pool`);
      const preSignUp = arn === undefined ? undefined : (event: object) => functionOf(arn).invoke(event);
      return [name, new LocalUserPool(ProviderURL, now, newId, preSignUp)] as const;
    }),
  );
}
