import type { ResolvedTemplate } from '../assembly/resolved-template';
import { COGNITO_LIMITS } from '../limits/cognito';
import { enforce, refused } from '../limits/limit';

const LIMITS = COGNITO_LIMITS.rows;
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
type Unit = keyof typeof SECONDS;
/** AWS: API_CreateUserPoolClient, RefreshTokenValidity. */
const DEFAULT_REFRESH_DAYS = 30;
const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/;

/** Properties of `AWS::Cognito::UserPoolClient`. */
export interface UserPoolClientProperties {
  readonly AccessTokenValidity?: number;
  readonly IdTokenValidity?: number;
  readonly RefreshTokenValidity?: number;
  readonly TokenValidityUnits?: Readonly<Partial<Record<'AccessToken' | 'IdToken' | 'RefreshToken', Unit>>>;
  readonly CallbackURLs?: readonly string[];
  readonly LogoutURLs?: readonly string[];
  readonly AllowedOAuthScopes?: readonly string[];
}

/** Seconds that refresh tokens of a client live. 0 stands for the default. */
export function refreshSecondsOf({
  RefreshTokenValidity = 0,
  TokenValidityUnits = {},
}: UserPoolClientProperties): number {
  if (RefreshTokenValidity === 0) return DEFAULT_REFRESH_DAYS * SECONDS.days;
  return RefreshTokenValidity * SECONDS[TokenValidityUnits.RefreshToken ?? 'days'];
}

/** Checks a client as CreateUserPoolClient does. @throws AwsError for a client that it refuses */
export function checkUserPoolClient(properties: UserPoolClientProperties): void {
  const { AccessTokenValidity, IdTokenValidity, TokenValidityUnits = {}, AllowedOAuthScopes = [] } = properties;
  for (const [validity, unit = 'hours'] of [
    [AccessTokenValidity, TokenValidityUnits.AccessToken],
    [IdTokenValidity, TokenValidityUnits.IdToken],
  ] as const) {
    if (validity !== undefined) enforce(LIMITS.tokenValidity, validity * SECONDS[unit]);
  }
  enforce(LIMITS.refreshTokenValidity, refreshSecondsOf(properties));
  enforce(LIMITS.scopes, AllowedOAuthScopes.length);
  for (const urls of [properties.CallbackURLs ?? [], properties.LogoutURLs ?? []]) {
    enforce(LIMITS.callbackUrls, urls.length);
    for (const url of urls) checkUrl(url);
  }
}

function checkUrl(url: string): void {
  enforce(LIMITS.callbackUrl, url.length);
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/./i.test(url);
  const plain = url.startsWith('http://') && !LOCAL.test(url);
  if (!absolute || url.includes('#') || plain)
    throw refused(LIMITS.callbackShape, `${url} is no URL to send people back to`);
}

/** Checks a pool as CreateUserPool does. @throws AwsError for a pool that it refuses */
export function checkUserPool(properties: Readonly<Record<string, unknown>>): void {
  const { PasswordPolicy } = (properties['Policies'] ?? {}) as { PasswordPolicy?: { MinimumLength?: number } };
  if (PasswordPolicy?.MinimumLength !== undefined) enforce(LIMITS.passwordLength, PasswordPolicy.MinimumLength);
}

/** @throws AwsError for groups that a user cannot be in */
export function checkGroups(groups: readonly string[]): void {
  enforce(LIMITS.groups, groups.length);
  for (const group of groups) {
    enforce(LIMITS.groupName, group.length);
    if (/\s/.test(group)) throw refused(LIMITS.groupName, `${group} is no name of a group`);
  }
}

/** Checks the pools of a template and their clients. @throws AwsError for one that cannot be created */
export function checkUserPools(template: Pick<ResolvedTemplate, 'ofType'>): void {
  for (const { properties } of template.ofType('AWS::Cognito::UserPool')) checkUserPool(properties);
  for (const { properties } of template.ofType('AWS::Cognito::UserPoolClient')) checkUserPoolClient(properties);
}
