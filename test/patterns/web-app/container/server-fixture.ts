import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import jwt, { type SignOptions } from 'jsonwebtoken';
import type { Endpoint } from '../../../../lib/runtime/endpoint';
import { startProcess, stopProcess } from '../../../fixtures/server-process';

const POOL = 'eu-west-1_Example01';
const CLIENT = 'client-1';
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;

/** A stand-in of Cognito that signs tokens and publishes its key. */
export interface TokenFixture {
  readonly url: string;
  /** Times that the keys were asked for. */
  readonly asked: () => number;
  /** An access token, changed as given. */
  token(sub: string, claims?: object, options?: SignOptions): string;
  close(): void;
}

export async function startTokens(): Promise<TokenFixture> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig', alg: 'RS256' }];
  let asked = 0;
  const server: Server = createServer((request, response) => {
    asked += 1;
    response.statusCode = request.url === `/${POOL}/.well-known/jwks.json` ? 200 : 404;
    response.end(JSON.stringify({ keys }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    token: (sub, claims = {}, options = {}) =>
      jwt.sign({ sub, token_use: 'access', client_id: CLIENT, iss: ISSUER, ...claims }, privateKey, {
        algorithm: 'RS256',
        keyid: 'key-1',
        expiresIn: 3600,
        ...options,
      }),
    close: () => server.close(),
  };
}

/** The container's server as it is built, in a process of its own. */
export interface ServerFixture {
  readonly url: string;
  readonly pid: number | undefined;
  /** Lines of its log so far. */
  log(): Record<string, unknown>[];
  /** Asks it to stop, and gives its exit code. */
  terminate(): Promise<number | null>;
  stop(): Promise<void>;
}

export async function startServer(database: Endpoint, tokens: string, cache?: Endpoint): Promise<ServerFixture> {
  const file = join(process.cwd(), 'dist/container/web-app/server.js');
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build`);
  const address = `${database.host}:${database.port}`;
  const env = {
    DATABASE_WRITER: address,
    DATABASE_READER: address,
    DATABASE_TRUST: 'none',
    DATABASE_CONNECT_SECONDS: '5',
    ...(cache !== undefined && {
      CACHE_ENDPOINT: `${cache.host}:${cache.port}`,
      CACHE_NAME: 'cache',
      CACHE_USER: 'web-app',
    }),
    UPLOADS_BUCKET: 'uploads',
    UPLOADS_MAX_BYTES: '1000000',
    UPLOAD_URL_SECONDS: '900',
    USER_POOL_ID: POOL,
    USER_POOL_CLIENT_ID: CLIENT,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: tokens,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    POWERTOOLS_SERVICE_NAME: 'items-api',
    POWERTOOLS_METRICS_NAMESPACE: 'Groundplan',
    GROUNDPLAN_STACK: 'WebApp',
    PORT: '0',
    PATH: process.env['PATH'],
  };
  const { child, output } = await startProcess(process.execPath, [file], /"Listening"/, { env });
  const log = () =>
    output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const listening = log().find(({ message }) => message === 'Listening');
  return {
    url: `http://127.0.0.1:${listening?.['port']}`,
    pid: child.pid,
    log,
    async terminate() {
      await stopProcess(child, 'SIGTERM');
      return child.exitCode;
    },
    stop: () => stopProcess(child, 'SIGKILL'),
  };
}
