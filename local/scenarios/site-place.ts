import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { LoginClient } from '../aws/login-grants';
import { type LoginServer, startLoginServer } from '../aws/login-server';
import type { LocalS3 } from '../aws/s3';
import { refreshSecondsOf } from '../aws/user-pool-limits';
import { type ApiServer, serveApi } from '../cli/api-server';
import { LocalDistribution } from '../edge/local-distribution';
import { originAt, type ServedDistribution, serveDistribution } from '../edge/serve-distribution';
import type { FetchFromOrigin } from '../edge/viewer';
import type { LocalEngine } from '../engine/local-engine';

/** A pattern with a site, at an address of its own: the distribution in front, the login beside it, the API behind it. */
export interface SitePlace {
  /** Where the distribution listens; without a slash at the end. */
  readonly url: string;
  /** Where the API listens behind the distribution. */
  readonly apiUrl: string;
  readonly login: LoginServer;
  readonly client: LoginClient;
  /** Where files are kept. */
  readonly uploads: { readonly bucket: string; readonly store: LocalS3 };
  stop(): Promise<void>;
}

/** Opens the site of a stack that runs. @param port where the distribution listens; 0: a free one @throws Error for a port that is taken */
export async function openSite(stack: SynthesizedStack, engine: LocalEngine, port: number): Promise<SitePlace> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const api: ApiServer = await serveApi(engine.api, 0);
    ends.push(() => api.close());
    const clients: LoginClient[] = [];
    const login = await startLoginServer(userPoolOf(engine), clients, { now: () => engine.clock.now() });
    ends.push(() => login.close());
    const uploads = uploadsOf(engine);
    const distribution = distributionOf(stack, engine, originAt(api.url), login.url);
    const served: ServedDistribution = await serveDistribution(distribution, { port });
    ends.push(() => served.close());
    // Whom the template sends back to its own domain is sent back here.
    const own = engine.find('AWS::CloudFront::Distribution', '').attributes['DomainName'] ?? '';
    const here = (url: string) => url.replace(`https://${own}`, served.url);
    const client = loginClient(engine, here);
    clients.push(client);
    const { bucket, settings } = uploads;
    const cors = settings.cors?.map((rule) => ({ ...rule, AllowedOrigins: rule.AllowedOrigins.map(here) }));
    engine.stores.s3.createBucket(bucket, engine.deployment.region, { ...settings, cors });
    return {
      url: served.url,
      apiUrl: api.url,
      login,
      client,
      uploads: { bucket, store: engine.stores.s3 },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The distribution of a stack, with what plays the rest of the world. */
export function distributionOf(
  stack: SynthesizedStack,
  engine: LocalEngine,
  api: FetchFromOrigin,
  loginUrl: string,
): LocalDistribution {
  const { region } = engine.deployment;
  const domain = engine.find('AWS::Cognito::UserPoolDomain', '').name;
  return new LocalDistribution(engine.template, {
    api,
    assetFolder: (key) => stack.assetFolder(key),
    standIns: {
      [`https://${domain}.auth.${region}.amazoncognito.com`]: loginUrl,
      [`https://${uploadsOf(engine).bucket}.s3.${region}.amazonaws.com`]: engine.endpoint ?? '',
    },
  });
}

/** The pool of who may sign in. */
export function userPoolOf(engine: LocalEngine) {
  const pool = engine.userPools.get(engine.find('AWS::Cognito::UserPool', '').name);
  if (pool === undefined) throw new Error('The template has no user pool');
  return pool;
}

/** The bucket that browsers send files to. */
export function uploadsOf(engine: LocalEngine) {
  const found = engine.template
    .ofType('AWS::S3::Bucket')
    .map(({ name }) => ({ bucket: name, settings: engine.stores.s3.settings(name) }))
    .find(({ settings }) => settings.cors !== undefined);
  if (found === undefined) throw new Error('The template has no bucket for uploads');
  return found;
}

/** The client that the site signs people in with. @param here what an address of the template is here */
export function loginClient(engine: LocalEngine, here: (url: string) => string = (url) => url): LoginClient {
  const { name, properties } = engine.find('AWS::Cognito::UserPoolClient', '');
  const list = (property: string) => (properties[property] ?? []) as readonly string[];
  return {
    clientId: name,
    callbackUrls: list('CallbackURLs').map(here),
    logoutUrls: list('LogoutURLs').map(here),
    scopes: list('AllowedOAuthScopes'),
    providers: list('SupportedIdentityProviders'),
    refreshSeconds: refreshSecondsOf(properties),
    rotatesRefreshTokens:
      (properties['RefreshTokenRotation'] as { Feature?: string } | undefined)?.Feature === 'ENABLED',
  };
}
