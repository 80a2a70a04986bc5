import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { contentSecurityPolicy } from '../../../../lib/edge/security-headers';
import type { LoginClient } from '../../../../local/aws/login-grants';
import { type LoginServer, startLoginServer } from '../../../../local/aws/login-server';
import type { LocalUserPool } from '../../../../local/aws/user-pool';
import {
  API_PREFIX,
  CALLBACK_PATH,
  LOGIN_SCOPES,
  SIGNED_OUT_PATH,
  type SiteConfig,
} from '../../../../patterns/web-app/contract';

export const SITE_FOLDER = join(__dirname, '../../../../dist/site/web-app');
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface SiteStandOptions {
  readonly pool: LocalUserPool;
  /** Origin that files are sent to. */
  readonly bucketOrigin: string;
  readonly client?: Partial<LoginClient>;
  /** The built site. @default - the web app's */
  readonly folder?: string;
}

export type Api = (request: Request) => Response | Promise<Response>;

/** The site, its API and its login, as a browser meets them. */
export interface SiteFixture {
  readonly origin: string;
  readonly login: LoginServer;
  readonly clientId: string;
  readonly bucketOrigin: string;
  /** Who answers what begins with `/api`, from now on. */
  serveApi(api: Api): void;
  close(): Promise<void>;
}

/** Serves the built site under the headers of the distribution, on one origin with the API. */
export async function startSiteFixture({
  pool,
  bucketOrigin,
  client = {},
  folder = SITE_FOLDER,
}: SiteStandOptions): Promise<SiteFixture> {
  let api: Api = () => new Response(null, { status: 503 });
  const callbackUrls: string[] = [];
  const logoutUrls: string[] = [];
  const clientId = 'site-client';
  const login = await startLoginServer(pool, [{ clientId, callbackUrls, logoutUrls, scopes: LOGIN_SCOPES, ...client }]);
  const config: SiteConfig = { loginUrl: login.url, clientId };
  const policy = contentSecurityPolicy({ connectSources: [login.url, bucketOrigin] });
  const server = createServer(
    getRequestListener((request) => {
      const { pathname } = new URL(request.url);
      if (pathname === API_PREFIX || pathname.startsWith(`${API_PREFIX}/`)) return api(request);
      const headers = {
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'strict-origin-when-cross-origin',
      };
      if (pathname === '/config.json') return Response.json(config, { headers });
      return siteFile(folder, pathname, headers);
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  callbackUrls.push(`${origin}${CALLBACK_PATH}`);
  logoutUrls.push(`${origin}${SIGNED_OUT_PATH}`);
  return {
    origin,
    login,
    clientId,
    bucketOrigin,
    serveApi: (served) => {
      api = served;
    },
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((closed) => server.close(closed)), login.close()]);
    },
  };
}

/** A path without a dot is a place inside the page (lib/edge/spa-router.ts). */
function siteFile(folder: string, pathname: string, headers: Readonly<Record<string, string>>): Response {
  const inside = !pathname.slice(pathname.lastIndexOf('/')).includes('.');
  const file = join(folder, inside ? 'index.html' : pathname);
  if (!existsSync(file) || !statSync(file).isFile()) return new Response('Not found', { status: 404, headers });
  const type = MEDIA_TYPES[extname(file)] ?? 'application/octet-stream';
  const caching = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return new Response(new Uint8Array(brotliCompressSync(readFileSync(file))), {
    headers: { ...headers, 'content-type': type, 'content-encoding': 'br', 'cache-control': caching },
  });
}
