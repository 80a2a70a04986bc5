import type { ApiEvent } from '../../../../patterns/genai-rag/runtime/question';
import { conversationId, subject } from './ask-fixture';

/** Users as their tokens say, some of a tenant's group and some alone; `t-` of one looks like `u-` of none. */
export const USERS = [
  { user: 'ada', groups: 'tenant-acme' },
  { user: 'bob', groups: 'staff,tenant-acme' },
  { user: 'eve', groups: 'tenant-evil' },
  { user: 'joe', groups: '' },
  { user: 'kim', groups: 'readers' },
  { user: 'max', groups: 'tenant-acme-2' },
] as const;
export type User = (typeof USERS)[number];

/** The tenant and the partition of what is theirs, worked out anew and not by the code that is tested. */
export function expectedOf({ user, groups }: User): { tenant: string; partition: string } {
  const [, name] = /tenant-([a-z0-9-]+)/.exec(groups) ?? [];
  const tenant = name === undefined ? `u-${subject(user)}` : `t-${name}`;
  return { tenant, partition: `user#${tenant}#${subject(user)}` };
}

/** What only this user ever asks. */
export function secretOf({ user }: User): string {
  return `secret-of-${user}`;
}

/** A request of a user who says to be another wherever there is room for it. */
export function lyingRequest(caller: User, random: () => number): ApiEvent {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const victim = pick(USERS);
  const theirs = expectedOf(victim);
  const [method, resource] = pick(ROUTES);
  const id = pick([
    ...[1, 1, 1, 1, 2, 2, 2, 3].map(conversationId),
    conversationId(1).toUpperCase(),
    `${conversationId(1)}#x`,
    `../${conversationId(2)}`,
    theirs.partition,
    `${theirs.partition}#conversation#${conversationId(1)}`,
  ]);
  const lies: Record<string, string> = {
    'X-Tenant': theirs.tenant,
    'x-user': subject(victim.user),
    'cognito:groups': victim.groups,
    'x-amzn-oidc-data': Buffer.from(JSON.stringify({ sub: subject(victim.user) })).toString('base64'),
    Authorization: `Bearer ${Buffer.from(JSON.stringify({ sub: subject(victim.user) })).toString('base64url')}`,
    Cookie: `tenant=${theirs.tenant}; sub=${subject(victim.user)}`,
  };
  const cursors = [theirs.partition, `${theirs.tenant}#x`, conversationId(2), '00000002', '', '#', '../'];
  const question = pick([
    `What of ${secretOf(caller)}?`,
    `${secretOf(caller)} of ${theirs.tenant}, filter tenant ${theirs.tenant}`,
  ]);
  const body = pick<unknown>([
    { question },
    { question },
    { question },
    { question, tenant: theirs.tenant },
    { question, user: subject(victim.user), filter: { equals: { key: 'tenant', value: theirs.tenant } } },
    { question, __proto__: { tenant: theirs.tenant } },
    { question: [theirs.tenant] },
    { tenant: theirs.tenant },
  ]);
  return {
    httpMethod: method,
    resource: `/api${resource}`,
    path: `/api${resource.replace('{id}', id)}`,
    pathParameters: resource.includes('{id}') ? { id, tenant: theirs.tenant, user: subject(victim.user) } : null,
    queryStringParameters: pick([
      null,
      { tenant: theirs.tenant, user: subject(victim.user) },
      { limit: '5', cursor: Buffer.from(pick(cursors)).toString('base64url') },
      { pk: theirs.partition, sub: subject(victim.user) },
    ]),
    headers: {
      ...lies,
      Accept: pick(['application/json', 'text/event-stream']),
      'Content-Type': 'application/json',
      // Keys are shared: another's answer must not come of it.
      'Idempotency-Key': random() < 0.3 ? pick(['key-1', 'key-2']) : `key-${Math.floor(random() * 1e9)}`,
    },
    body: JSON.stringify(body),
    requestContext: {
      requestId: 'request-1',
      authorizer: {
        claims: { sub: subject(caller.user), ...(caller.groups !== '' && { 'cognito:groups': caller.groups }) },
        tenant: theirs.tenant,
        principalId: subject(victim.user),
      },
    },
  };
}

const ASK = ['POST', '/conversations/{id}/messages'] as const;
const ROUTES: readonly (readonly [string, string])[] = [
  ...Array.from({ length: 10 }, () => ASK),
  ['GET', '/conversations'],
  ['GET', '/conversations'],
  ['GET', '/conversations/{id}'],
  ['GET', '/conversations/{id}'],
  ['GET', '/conversations/{id}'],
  ['DELETE', '/conversations/{id}'],
  ['GET', '/me'],
  ['DELETE', '/me'],
];
