import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { LoginClient } from '../aws/login-grants';
import { type LoginServer, startLoginServer } from '../aws/login-server';
import type { LocalS3 } from '../aws/s3';
import { type ApiServer, serveApi } from '../cli/api-server';
import { LocalDistribution } from '../edge/local-distribution';
import { originAt, type ServedDistribution, serveDistribution } from '../edge/serve-distribution';
import { LocalEngine, type LocalEngineOptions } from '../engine/local-engine';
import { deployWebApp, type WebAppDeployment } from './web-app-deployment';

/** The web app as it runs here, at an address of its own. */
export interface WebAppPlace extends Pick<WebAppDeployment, 'postgres' | 'redis'> {
  readonly engine: LocalEngine;
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

/** How to run it: with real time, and a database that listens. */
export type WebAppPlaceOptions = Required<Pick<LocalEngineOptions, 'clock'>> &
  Pick<LocalEngineOptions, 'seed' | 'faults' | 'code' | 'onLog'> & {
    /** Where the distribution listens. @default 0 - a free port */
    readonly port?: number;
  };

/**
 * Runs the web app from its template, all of it in one stack.
 *
 * @throws Error for what of the template is not known here, or does not work; or for a port that is taken
 */
export async function startWebApp(
  stack: SynthesizedStack,
  { port = 0, ...options }: WebAppPlaceOptions,
): Promise<WebAppPlace> {
  const { clock } = options;
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const deployment = await deployWebApp(stack, clock);
    ends.push(() => deployment.stop());
    const engine = await LocalEngine.start(deployment.stack, { handlers: 'threads', ...options });
    ends.push(() => engine.stop());
    const api: ApiServer = await serveApi(engine.api, 0);
    ends.push(() => api.close());
    const clients: LoginClient[] = [];
    const pool = engine.userPools.get(engine.find('AWS::Cognito::UserPool', '').name);
    if (pool === undefined) throw new Error('The template has no user pool');
    const login = await startLoginServer(pool, clients, { now: () => clock.now() });
    ends.push(() => login.close());
    const { bucket, settings } = uploadsOf(engine);
    const region = engine.deployment.region;
    const domain = engine.find('AWS::Cognito::UserPoolDomain', '').name;
    const distribution = new LocalDistribution(engine.template, {
      api: originAt(api.url),
      assetFolder: (key) => stack.assetFolder(key),
      standIns: {
        [`https://${domain}.auth.${region}.amazoncognito.com`]: login.url,
        [`https://${bucket}.s3.${region}.amazonaws.com`]: engine.endpoint ?? '',
      },
    });
    const served: ServedDistribution = await serveDistribution(distribution, { port });
    ends.push(() => served.close());
    // Whom the template sends back to its own domain is sent back here.
    const own = engine.find('AWS::CloudFront::Distribution', '').attributes['DomainName'] ?? '';
    const here = (url: string) => url.replace(`https://${own}`, served.url);
    const client = loginClient(engine, here);
    clients.push(client);
    const cors = settings.cors?.map((rule) => ({ ...rule, AllowedOrigins: rule.AllowedOrigins.map(here) }));
    engine.stores.s3.createBucket(bucket, region, { ...settings, cors });
    const { postgres, redis } = deployment;
    return {
      engine,
      url: served.url,
      apiUrl: api.url,
      login,
      client,
      uploads: { bucket, store: engine.stores.s3 },
      postgres,
      ...(redis !== undefined && { redis }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The bucket that browsers send files to. */
function uploadsOf(engine: LocalEngine) {
  const found = engine.template
    .ofType('AWS::S3::Bucket')
    .map(({ name }) => ({ bucket: name, settings: engine.stores.s3.settings(name) }))
    .find(({ settings }) => settings.cors !== undefined);
  if (found === undefined) throw new Error('The template has no bucket for uploads');
  return found;
}

function loginClient(engine: LocalEngine, here: (url: string) => string): LoginClient {
  const { name, properties } = engine.find('AWS::Cognito::UserPoolClient', '');
  const list = (property: string) => (properties[property] ?? []) as readonly string[];
  return {
    clientId: name,
    callbackUrls: list('CallbackURLs').map(here),
    logoutUrls: list('LogoutURLs').map(here),
    scopes: list('AllowedOAuthScopes'),
    rotatesRefreshTokens:
      (properties['RefreshTokenRotation'] as { Feature?: string } | undefined)?.Feature === 'ENABLED',
  };
}
