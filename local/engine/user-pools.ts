import type { ResolvedTemplate } from '../assembly/resolved-template';
import { LocalUserPool } from '../aws/user-pool';
import type { AdminClient, AdministeredPool } from '../aws/user-pool-admin';
import { checkUserPools } from '../aws/user-pool-limits';
import type { PasswordPolicy } from '../aws/user-pool-passwords';

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

/** What a client of the template allows without a word (AWS: API_CreateUserPoolClient, ExplicitAuthFlows). */
const USUAL_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];
const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The user pools of a template as their administrator meets them. */
export function administeredPools(
  template: ResolvedTemplate,
  pools: ReadonlyMap<string, LocalUserPool>,
): AdministeredPool[] {
  return template.ofType('AWS::Cognito::UserPool').flatMap(({ name, properties }) => {
    const pool = pools.get(name);
    if (pool === undefined) return [];
    const { PasswordPolicy } = (properties['Policies'] ?? {}) as { PasswordPolicy?: PasswordPolicy };
    const usernameAttributes = (properties['UsernameAttributes'] ?? []) as readonly string[];
    const demandsSecondFactor = properties['MfaConfiguration'] === 'ON';
    const clients = clientsOf(template, name);
    return [{ pool, usernameAttributes, passwordPolicy: PasswordPolicy, clients, demandsSecondFactor }];
  });
}

function clientsOf(template: ResolvedTemplate, poolName: string): ReadonlyMap<string, AdminClient> {
  const own = template
    .ofType('AWS::Cognito::UserPoolClient')
    .filter(({ properties }) => properties['UserPoolId'] === poolName);
  return new Map(
    own.map(({ name, properties }) => {
      const { AccessTokenValidity = 1, TokenValidityUnits = {} } = properties as {
        AccessTokenValidity?: number;
        TokenValidityUnits?: { AccessToken?: string };
      };
      const client = {
        flows: (properties['ExplicitAuthFlows'] ?? USUAL_FLOWS) as readonly string[],
        hidesUsers: properties['PreventUserExistenceErrors'] === 'ENABLED',
        validitySeconds: AccessTokenValidity * (SECONDS[TokenValidityUnits.AccessToken ?? 'hours'] ?? 3600),
      };
      return [name, client] as const;
    }),
  );
}
