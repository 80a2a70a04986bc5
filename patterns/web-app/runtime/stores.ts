import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Cache, noCache, openCache } from '../../../lib/runtime/cache';
import { roleCredentials } from '../../../lib/runtime/credentials';
import { parseEndpoint } from '../../../lib/runtime/endpoint';
import { requiredVariable } from '../../../lib/runtime/environment';
import { cacheToken, databaseToken } from '../../../lib/runtime/iam-token';
import { metrics } from '../../../lib/runtime/observability';
import { connectDatabase, type Database } from '../../../lib/runtime/postgres';
import {
  CONTAINER_CONNECTIONS,
  DATABASE_NAME,
  DATABASE_USER,
  type DatabaseTrust,
  WebAppEnvironment,
} from '../contract';
import { log } from './request-log';

let theDatabase: Database | undefined;
let theCache: Cache | undefined;

/** The database that the environment names, connected to by the role's own credentials. One for the life of the process. */
export function database(): Database {
  theDatabase ??= connectDatabase({
    writer: parseEndpoint(requiredVariable(WebAppEnvironment.databaseWriter)),
    reader: parseEndpoint(requiredVariable(WebAppEnvironment.databaseReader)),
    trust: trust(),
    database: DATABASE_NAME,
    user: DATABASE_USER,
    password: (endpoint) => databaseToken(endpoint, DATABASE_USER, signer()),
    // A function serves one request at a time.
    maxConnections: process.env['AWS_LAMBDA_FUNCTION_NAME'] === undefined ? CONTAINER_CONNECTIONS : 1,
    connectSeconds: Number(requiredVariable(WebAppEnvironment.databaseConnectSeconds)),
    onLost: (error) => {
      metrics.addMetric('DatabaseConnectionsLost', MetricUnit.Count, 1);
      log.warn('A connection to the database was lost', error);
    },
  });
  return theDatabase;
}

/** The cache that the environment names, or none. One for the life of the process. */
export function cache(): Cache {
  theCache ??= cacheOf(process.env[WebAppEnvironment.cacheEndpoint]);
  return theCache;
}

const OUTCOMES = { hit: 'CacheHits', miss: 'CacheMisses', bypass: 'CacheBypasses' } as const;

function cacheOf(endpoint: string | undefined): Cache {
  if (endpoint === undefined || endpoint === '') return noCache;
  const name = requiredVariable(WebAppEnvironment.cacheName);
  const user = requiredVariable(WebAppEnvironment.cacheUser);
  return openCache({
    endpoint: parseEndpoint(endpoint),
    user,
    password: () => cacheToken(name, user, signer()),
    onRead: (outcome) => metrics.addMetric(OUTCOMES[outcome], MetricUnit.Count, 1),
    onTrouble: (error) => {
      metrics.addMetric('CacheTroubles', MetricUnit.Count, 1);
      log.warn('The cache failed; the database serves the read', error);
    },
  });
}

const credentials = roleCredentials();
const signer = () => ({ region: requiredVariable('AWS_REGION'), credentials });

function trust(): DatabaseTrust {
  const given = requiredVariable(WebAppEnvironment.databaseTrust);
  if (given === 'amazon' || given === 'rds' || given === 'none') return given;
  throw new Error(`${WebAppEnvironment.databaseTrust} is amazon, rds or none, not ${given}`);
}
