import { describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../../../local/engine/api-integrations';
import { Judge } from '../../../local/fuzz/judge';
import type { FuzzRequest } from '../../../local/fuzz/request';
import { type Actor, Session } from '../../../local/fuzz/session';
import type { DocumentedRoute } from '../../../local/fuzz/target';

const ROUTES: readonly DocumentedRoute[] = [
  { method: 'GET', path: /^\/things$/, statuses: [200, 400, 404] },
  { method: 'GET', path: /^\/health$/, statuses: [200], isPublic: true },
];
const actor = (name: string): Actor => ({
  name,
  email: `${name}@example.com`,
  tenant: 'north',
  token: `token-of-${name}`,
  expiredToken: `old-token-of-${name}`,
  marker: `word-of-${name}`,
});
const [ann, eve] = [actor('ann'), actor('eve')];
const template = { ofType: (type: string) => (type === 'AWS::DynamoDB::Table' ? [{ name: 'Stack-Table1A2B' }] : []) };
const judge = new Judge({ template } as never, ROUTES);
const GET: FuzzRequest = { method: 'GET', path: '/things', query: [], headers: [] };

const problem = (status: number, members: object): ApiAnswer => ({
  statusCode: status,
  headers: { 'Content-Type': 'application/problem+json' },
  body: JSON.stringify({ status, code: 'not_found', detail: 'You have no such thing.', ...members }),
});
const json = (body: object): ApiAnswer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** What is wrong with an answer to ann. */
function faults(
  answer: ApiAnswer,
  {
    request = GET,
    expected,
    isForged = false,
  }: { request?: FuzzRequest; expected?: number[]; isForged?: boolean } = {},
): string {
  const session = new Session('1', [ann, eve]);
  session.keep({ kind: 'thing', id: 'id-of-eve', owner: eve, path: '/things/id-of-eve', shown: {} });
  const exchange = { session, actor: ann, request, answer, isForged, ...(expected !== undefined && { expected }) };
  return judge.faults(exchange).join('\n');
}

describe('an answer', () => {
  it.each<[string, ApiAnswer, Parameters<typeof faults>[1]?]>([
    ['a documented success', json({ id: 'mine' })],
    ['a documented refusal', problem(404, {})],
    ['a refusal that names its field', problem(400, { code: 'invalid_limit', field: 'limit' })],
    ['what API Gateway says itself', { ...json({ message: 'Unauthorized' }), statusCode: 401 }],
    [
      'what the client wrote itself',
      problem(404, { detail: 'No word-of-eve.' }),
      { request: { ...GET, query: ['q=word-of-eve'] } },
    ],
    ['a public route without a token', json({}), { request: { ...GET, path: '/health' }, isForged: true }],
    ['a refusal by no route', problem(404, {}), { request: { ...GET, path: '/elsewhere' } }],
  ])('%s is good', (_, answer, options) => {
    expect(faults(answer, options)).toBe('');
  });

  it.each<[string, RegExp, ApiAnswer, Parameters<typeof faults>[1]?]>([
    ['a 5xx', /^answers 503: /, problem(503, {})],
    ['an undocumented refusal', /answers 409, which is not documented/, problem(409, {})],
    ['an undocumented success', /answers 202, which is not documented/, { ...json({}), statusCode: 202 }],
    ['a success of no route', /answers 200, which is not documented/, json({}), { request: { ...GET, path: '/x' } }],
    ['a refusal of what is valid', /answers 404 to a valid request, not 200/, problem(404, {}), { expected: [200] }],
    ['a token that must be refused', /whose token must be refused: 200/, json({}), { isForged: true }],
    ['no problem+json', /refuses with 400 and no problem\+json/, { ...json({ error: 'no' }), statusCode: 400 }],
    ['another status inside', /says 404 in a 400/, problem(400, { status: 404 })],
    ['no code', /has no code/, problem(400, { code: undefined })],
    ['no detail', /does not say what is wrong/, problem(400, { detail: '' })],
    ['no field', /does not name the field/, problem(400, { code: 'invalid_request' })],
    ["another's id", /tells ann what is another's: id-of-eve/, json({ ids: ['id-of-eve'] })],
    ["another's words", /tells ann what is another's: word-of-eve/, json({ title: 'a word-of-eve' })],
    ["another's words in a header", /word-of-eve/, { ...json({}), headers: { location: '/word-of-eve' } }],
    [
      "one's own words without a token",
      /tells anyone what is another's: word-of-ann/,
      json({ t: 'word-of-ann' }),
      { isForged: true },
    ],
    ['a stack', /says "at handler \("/, problem(400, { detail: 'at handler (/var/task/index.js:1:2)' })],
    ['an exception', /says "ValidationException"/, problem(400, { detail: 'ValidationException: no' })],
    ['a statement', /says "SELECT i"/, problem(400, { detail: 'in SELECT id FROM items' })],
    ['a physical name', /says "Stack-Table1A2B"/, problem(400, { detail: 'Stack-Table1A2B is busy' })],
  ])('%s is not', (_, fault, answer, options) => {
    expect(faults(answer, options)).toMatch(fault);
  });
});
