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
): ReadonlyMap<string, LocalUserPool> {
  checkUserPools(template);
  return new Map(
    template.ofType('AWS::Cognito::UserPool').map(({ name, attributes: { ProviderURL = '' } }) => {
      return [name, new LocalUserPool(ProviderURL, now, newId)] as const;
    }),
  );
}

/** What a client of the template allows without a word (AWS: API_CreateUserPoolClient, ExplicitAuthFlows). */
const USUAL_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];
const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** The user pools of a template as their administrator meets them. @throws Error for a pool that demands a second factor */
export function administeredPools(
  template: ResolvedTemplate,
  pools: ReadonlyMap<string, LocalUserPool>,
): AdministeredPool[] {
  return template.ofType('AWS::Cognito::UserPool').flatMap(({ logicalId, name, properties }) => {
    const pool = pools.get(name);
    if (pool === undefined) return [];
    if (properties['MfaConfiguration'] === 'ON') throw new Error(`${logicalId}: a second factor is not known here`);
    const { PasswordPolicy } = (properties['Policies'] ?? {}) as { PasswordPolicy?: PasswordPolicy };
    const usernameAttributes = (properties['UsernameAttributes'] ?? []) as readonly string[];
    return [{ pool, usernameAttributes, passwordPolicy: PasswordPolicy, clients: clientsOf(template, name) }];
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
