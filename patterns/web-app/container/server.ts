import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { requiredVariable } from '../../../lib/runtime/environment';
import { metrics } from '../../../lib/runtime/observability';
import { CONTAINER_PORT, WebAppEnvironment } from '../contract';
import { createApplication } from '../runtime/application';
import { log } from '../runtime/request-log';
import { cache, database } from '../runtime/stores';
import { gracefulServer } from './graceful-server';
import { tokenCheck } from './tokens';

/** Milliseconds between two lines of metrics. */
const METRICS_EVERY_MS = 10_000;

const ownerOf = tokenCheck({
  userPoolId: requiredVariable(WebAppEnvironment.userPoolId),
  clientId: requiredVariable(WebAppEnvironment.userPoolClientId),
  // The variable that AWS's own clients know a stand-in of Cognito by.
  endpoint: process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'],
});
const application = createApplication({
  database: database(),
  cache: cache(),
  uploads: async () => (await import('../runtime/uploads.lazy.js')).uploads,
  maxUploadBytes: Number(requiredVariable(WebAppEnvironment.uploadsMaxBytes)),
  ownerOf: ({ req }) => ownerOf(req.header('authorization')),
  // CloudFront's name of the request is in its logs; a request without it came from inside.
  requestIdOf: ({ req }) => requestIdOf(req.header('x-amz-cf-id')),
});

const flush = () => {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
};
setInterval(flush, METRICS_EVERY_MS).unref();

const { server, stop } = gracefulServer(application.fetch);
// Another port for a run without a container alone; 0 takes a free one.
server.listen(Number(process.env['PORT'] ?? CONTAINER_PORT), () => {
  log.info('Listening', { port: (server.address() as AddressInfo).port });
});

process.once('SIGTERM', () => {
  log.info('Stopping');
  stop()
    .then(() => Promise.all([database().close(), cache().close()]))
    .then(
      () => finish(0),
      (error: unknown) => {
        log.error('Did not stop cleanly', error);
        finish(1);
      },
    );
});

function finish(code: number): void {
  flush();
  log.info('Stopped');
  process.exit(code);
}

/** A name that is safe in a header and in a log, whoever sent it. */
function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w=-]{1,128}$/.test(given) ? given : randomUUID();
}
