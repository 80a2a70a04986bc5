import type { APIGatewayProxyResult } from 'aws-lambda';
import { ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { documents } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { originCheck } from '../../../lib/runtime/origin-check';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import {
  API_PREFIX,
  type Conversation,
  type ConversationPage,
  HEALTH_PATH,
  type Me,
  RagEnvironment,
} from '../contract';
import { AdmissionDesk } from '../runtime/admission';
import { callerOf } from '../runtime/caller';
import { ConversationsRepository } from '../runtime/conversations-repository';
import { CONVERSATION_CURSORS, type Cursors, pageRequestOf, TURN_CURSORS } from '../runtime/cursor';
import { Forgetting } from '../runtime/forget';
import { type ApiEvent, conversationOf, headerOf } from '../runtime/question';
import { answerBounds } from '../runtime/settings';
import { requireSingleValues } from '../runtime/single-values';
import { WALL_TIME } from '../runtime/timing';
import { type TurnItem, wholeTurn } from '../runtime/turn-item';

/** Bytes of turns in one answer; the rest is on the next page (lambda-sync-payload-6mb). */
const PAGE_BYTES = 4 * 1024 * 1024;

const bounds = answerBounds();
const table = { name: requiredVariable(RagEnvironment.conversationsTable), client: documents };
const conversations = new ConversationsRepository(table, WALL_TIME, bounds);
const desk = new AdmissionDesk(table, WALL_TIME, bounds);
const forgetting = new Forgetting(table, conversations, WALL_TIME);

type Route = (event: ApiEvent) => Promise<APIGatewayProxyResult>;

const ROUTES: Readonly<Record<string, Route>> = {
  [`GET ${HEALTH_PATH}`]: async () => json({ status: 'ok' }),
  [`GET ${API_PREFIX}/conversations`]: async (event) => {
    const { limit, after } = pageRequestOf(event.queryStringParameters, CONVERSATION_CURSORS);
    const { found, last } = await conversations.list(callerOf(event), limit, after);
    return json({ conversations: found, ...cursorOf(last, CONVERSATION_CURSORS) } satisfies ConversationPage);
  },
  [`GET ${API_PREFIX}/conversations/{id}`]: async (event) => {
    const [caller, id] = [callerOf(event), conversationOf(event)];
    const { limit, after } = pageRequestOf(event.queryStringParameters, TURN_CURSORS);
    const [summary, page] = await Promise.all([
      conversations.summary(caller, id),
      conversations.turns(caller, id, limit, after),
    ]);
    const shown = withinPage(page.found);
    const last = shown.length < page.found.length ? shown.at(-1)?.turn : page.last;
    const turns = await Promise.all(shown.map(wholeTurn));
    return json({ ...summary, turns, ...cursorOf(last, TURN_CURSORS) } satisfies Conversation);
  },
  [`DELETE ${API_PREFIX}/conversations/{id}`]: async (event) => {
    const done = await forgetting.conversation(callerOf(event), conversationOf(event));
    if (!done)
      throw new Problem(503, 'not_done', 'There is more data than one request can delete. Send the request again.');
    return { statusCode: 204, headers: { 'cache-control': 'no-store' }, body: '' };
  },
  [`GET ${API_PREFIX}/me`]: async (event) => {
    const caller = callerOf(event);
    return json({ tenant: caller.tenant, usage: await desk.usage(caller) } satisfies Me);
  },
  [`DELETE ${API_PREFIX}/me`]: async (event) => json(await forgetting.user(callerOf(event))),
};
/** By what a request says: not even a method may be taken for a member of an object. */
const routes = new Map(Object.entries(ROUTES));

const verifiers = process.env[RagEnvironment.originVerifiers];
/** Undefined where no distribution stands in front of the API. */
const checkOrigin = verifiers === undefined ? undefined : originCheck(verifiers);

/** Conversations, what a user has used, and forgetting them, behind a REST API with a Cognito authorizer. */
export async function handler(event: ApiEvent): Promise<APIGatewayProxyResult> {
  try {
    checkOrigin?.(headerOf(event, ORIGIN_HEADER));
    requireSingleValues(event);
    const route = routes.get(`${event.httpMethod} ${event.resource}`);
    if (route === undefined) throw new Problem(404, 'not_found', 'Not found.');
    return await route(event);
  } catch (error) {
    return problemAnswer(error, event.requestContext.requestId, logger);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

/** As many of the turns as one answer carries, and at least one. */
function withinPage(turns: readonly TurnItem[]): readonly TurnItem[] {
  let bytes = 0;
  const end = turns.findIndex((turn, index) => {
    bytes += turn.bytes;
    return index > 0 && bytes > PAGE_BYTES;
  });
  return end === -1 ? turns : turns.slice(0, end);
}

function cursorOf(last: string | undefined, { write }: Cursors<string>): { cursor?: string } {
  return last === undefined ? {} : { cursor: write(last) };
}

function json(body: unknown): APIGatewayProxyResult {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode: 200, headers, body: JSON.stringify(body) };
}
