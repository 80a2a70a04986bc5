import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Cache } from '../../../lib/runtime/cache';
import { ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { originCheck } from '../../../lib/runtime/origin-check';
import type { Database } from '../../../lib/runtime/postgres';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { HEALTH_PATH, LARGEST_BODY_BYTES } from '../contract';
import type { ApplicationContext, ApplicationEnvironment } from './application-context';
import { addAttachmentRoutes } from './attachment-routes';
import { AttachmentsRepository } from './attachments-repository';
import { addItemRoutes } from './item-routes';
import { ItemsRepository } from './items-repository';
import { log, logging } from './request-log';
import type { Uploads } from './uploads';

/** What the application stands on, and what it asks its adapter about a request. */
export interface ApplicationOptions {
  readonly database: Database;
  readonly cache: Cache;
  /** Loaded when the first route needs it. */
  readonly uploads: () => Promise<Uploads>;
  /** Bytes of the largest file. */
  readonly maxUploadBytes: number;
  /** The subject of a token that is good, or else a Problem 401. */
  readonly ownerOf: (context: ApplicationContext) => string | Promise<string>;
  /** The name that the request has in the logs in front of the application. */
  readonly requestIdOf: (context: ApplicationContext) => string;
  /** SHA-256, in hex and separated by commas, of what the origin header may say. @default - the header is not asked for */
  readonly originVerifiers?: string;
}

/** The whole API, without a server. Add routes to what it returns: they come behind the same checks. */
export function createApplication(options: ApplicationOptions): Hono<ApplicationEnvironment> {
  const { database, cache, uploads, ownerOf, requestIdOf, originVerifiers } = options;
  const application = new Hono<ApplicationEnvironment>();

  application.use(async (c, next) => {
    const requestId = requestIdOf(c);
    c.set('requestId', requestId);
    c.header('x-request-id', requestId);
    // What is one user's must not be kept on the way to another (cloudfront-api-not-cached).
    c.header('cache-control', 'no-store');
    await logging({ requestId }, next);
  });
  if (originVerifiers !== undefined) {
    const check = originCheck(originVerifiers);
    application.use(async (c, next) => {
      check(c.req.header(ORIGIN_HEADER));
      await next();
    });
  }
  application.get(HEALTH_PATH, (c) => c.json({ status: 'ok' }));
  application.use(async (c, next) => {
    c.set('owner', await ownerOf(c));
    await next();
  });
  // No other method has a body that is read.
  application.on(['POST', 'PUT', 'PATCH'], '*', bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: tooLarge }));

  addItemRoutes(application, new ItemsRepository(database, cache), uploads);
  addAttachmentRoutes(application, new AttachmentsRepository(database, cache), uploads, options.maxUploadBytes);

  application.notFound((c) => problem(c, new Problem(404, 'not_found', 'Not found.')));
  application.onError((error, c) => problem(c, error));
  return application;
}

/** Files have a way of their own (lambda-sync-payload-6mb, apigw-payload-10mb). */
function tooLarge(): never {
  const detail = `A request body may have at most ${LARGEST_BODY_BYTES} bytes. Upload a file by POST /api/items/{id}/attachments.`;
  throw new Problem(413, 'body_too_large', detail, 'body');
}

function problem(c: ApplicationContext, error: unknown): Response {
  const requestId = c.get('requestId');
  const { statusCode, headers, body } = problemAnswer(error, requestId, {
    error: (message) => log.error(String(message), error),
  });
  return c.body(body, statusCode as ContentfulStatusCode, headers);
}
