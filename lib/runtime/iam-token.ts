import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CredentialsSource } from './credentials';
import type { Endpoint } from './endpoint';

/**
 * Seconds that a token opens connections for; what it opened stays open (AWS: IAM database authentication; Authenticating with
 * IAM, ElastiCache).
 */
const TOKEN_SECONDS = 900;

/** The credentials that sign a token, and where the token is valid. */
export interface TokenSigner {
  readonly region: string;
  readonly credentials: CredentialsSource;
  /** @default - now */
  readonly now?: () => Date;
}

/** A password for a role of PostgreSQL that has `rds_iam`, at a cluster or a proxy. It is signed here: no call is made. */
export async function databaseToken(endpoint: Endpoint, user: string, signer: TokenSigner): Promise<string> {
  return signed('rds-db', `${endpoint.host}:${endpoint.port}`, { Action: 'connect', DBUser: user }, signer);
}

/** A password for a user of a serverless cache that authenticates by IAM. It is signed here: no call is made. */
export async function cacheToken(cacheName: string, user: string, signer: TokenSigner): Promise<string> {
  const query = { Action: 'connect', User: user, ResourceType: 'ServerlessCache' };
  return signed('elasticache', cacheName, query, signer);
}

/** A presigned GET of `host` (Signature Version 4), without its scheme: that is what both services take. */
async function signed(
  service: string,
  host: string,
  query: Readonly<Record<string, string>>,
  { region, credentials, now = () => new Date() }: TokenSigner,
): Promise<string> {
  const signature = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = await signature.presign(
    { method: 'GET', protocol: 'https:', hostname: host, path: '/', query, headers: { host } },
    { expiresIn: TOKEN_SECONDS, signingDate: now() },
  );
  const parameters = Object.entries(request.query ?? {}).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return `${host}/?${parameters.join('&')}`;
}

/** As Signature Version 4 escapes: more than encodeURIComponent does. */
function escaped(value: unknown): string {
  const more = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(String(value)).replace(/[!'()*]/g, more);
}
