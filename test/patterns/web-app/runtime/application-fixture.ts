import type { Hono } from 'hono';
import { type Cache, noCache } from '../../../../lib/runtime/cache';
import type { Database } from '../../../../lib/runtime/postgres';
import { Problem } from '../../../../lib/runtime/problem';
import { type ApplicationOptions, createApplication } from '../../../../patterns/web-app/runtime/application';
import type { ApplicationEnvironment } from '../../../../patterns/web-app/runtime/application-context';
import type { Uploads } from '../../../../patterns/web-app/runtime/uploads';

/** A request as a test writes it. */
export interface Asked {
  readonly method?: string;
  readonly user?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer, read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
  readonly text: string;
}

/** Uploads that remember what was asked of them. */
export interface FakeUploads extends Uploads {
  readonly removed: string[];
  readonly completed: unknown[];
}

export function fakeUploads(isInParts: (size: number) => boolean = () => false): FakeUploads {
  const expiresAt = '2026-11-24T10:00:00.000Z';
  let uploadIds = 0;
  const removed: string[] = [];
  const completed: unknown[] = [];
  return {
    removed,
    completed,
    async begin({ key, size }) {
      if (!isInParts(size)) return { upload: { kind: 'form', url: 'https://s3.test', fields: { key }, expiresAt } };
      uploadIds += 1;
      const parts = [{ number: 1, url: 'https://s3.test/1' }];
      return { upload: { kind: 'parts', partSize: size, parts, expiresAt }, uploadId: `upload-${uploadIds}` };
    },
    async complete(key, uploadId, parts) {
      completed.push({ key, uploadId, parts });
    },
    async download(key, name) {
      return { url: `https://s3.test/${key}?name=${name}`, expiresAt };
    },
    async remove(keys) {
      removed.push(...keys);
    },
  };
}

/** The application on a database, with users that say who they are in a header. */
export function applicationOn(
  database: Database,
  cache: Cache = noCache,
  options: Partial<ApplicationOptions> = {},
): Hono<ApplicationEnvironment> {
  let requests = 0;
  return createApplication({
    database,
    cache,
    uploads: async () => fakeUploads(),
    maxUploadBytes: 1_000_000_000,
    ownerOf: ({ req }) => {
      const user = req.header('x-user');
      if (user === undefined) throw new Problem(401, 'unauthorized', 'Sign in.');
      return user;
    },
    requestIdOf: () => {
      requests += 1;
      return `request-${requests}`;
    },
    ...options,
  });
}

/** Asks an application. */
export async function ask(
  application: Hono<ApplicationEnvironment>,
  path: string,
  { method = 'GET', user = 'alice', headers = {}, body }: Asked = {},
): Promise<Answered> {
  const answer = await application.request(path, {
    method,
    headers: {
      ...(user !== '' && { 'x-user': user }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: text === '' ? undefined : JSON.parse(text) };
}

let keys = 0;
/** A key that no request had. */
export function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** Makes an item, and gives it. */
export async function create(application: Hono<ApplicationEnvironment>, user = 'alice', title = 'an item') {
  const headers = { 'idempotency-key': newKey() };
  const { json } = await ask(application, '/api/items', { method: 'POST', user, headers, body: { title, notes: 'n' } });
  return json as { id: string; version: number; title: string; notes: string };
}

/** A database that counts the statements asked of it, which are its round trips. */
export function counted(database: Database): Database & { asked: { on: string; text: string }[] } {
  const asked: { on: string; text: string }[] = [];
  return {
    asked,
    query: (text, values, on = 'writer') => {
      asked.push({ on, text });
      return database.query(text, values, on);
    },
    close: () => database.close(),
  };
}
