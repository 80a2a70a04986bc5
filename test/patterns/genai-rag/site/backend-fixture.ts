import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { decode } from 'jsonwebtoken';
import type { LoginClient } from '../../../../local/aws/login-grants';
import { LocalUserPool } from '../../../../local/aws/user-pool';
import type {
  ConversationSummary,
  DocumentRequest,
  QuestionRequest,
  RagDocument,
  Turn,
} from '../../../../patterns/genai-rag/contract';
import { type SiteFixture, startSiteFixture } from '../../web-app/site/site-fixture';
import { type SiteBucket, startSiteBucket } from './bucket-fixture';
import { ANSWER, eventsOf, problem, streamed } from './scripted-answer-fixture';

export const SITE_FOLDER = join(__dirname, '../../../../dist/site/genai-rag');

/** A question that came. */
export interface Asked extends QuestionRequest {
  readonly conversation: string;
  readonly key: string;
  readonly accept: string | null;
}

type Conversation = ConversationSummary & { readonly turns: Turn[] };

/** What the API knows; a test reads it, and changes it behind the page's back. */
export class RagState {
  tenant = 't-harbour';
  tokens = 12_000;
  /** Newest first. */
  documents: RagDocument[] = [];
  /** Newest first. */
  conversations: Conversation[] = [];
  /** How many requests it takes to forget a person. */
  forgetting = 1;
  /** Rows of a page of a list. */
  pageSize = 20;
  readonly asked: Asked[] = [];
  /** Method and path of each request. */
  readonly requests: string[] = [];
  /** Idempotency keys of documents. */
  readonly keys: string[] = [];
  /** What the next questions are answered with, in place of an answer that goes well. */
  readonly answers: ((asked: Asked) => Response | Promise<Response>)[] = [];
  /** Answers in the API's place. */
  instead: (method: string, path: string) => Response | undefined = () => undefined;

  document(change: Partial<RagDocument> & Pick<RagDocument, 'name'>): RagDocument {
    const at = new Date(Date.UTC(2026, 10, 20) + this.documents.length * 60_000).toISOString();
    const document: RagDocument = {
      id: randomUUID(),
      contentType: 'text/markdown',
      size: 2048,
      status: 'indexed',
      createdAt: at,
      updatedAt: at,
      ...change,
    };
    this.documents.unshift(document);
    return document;
  }

  /** Changes a document, as time does. */
  change(name: string, change: Partial<RagDocument>): void {
    this.documents = this.documents.map((each) => (each.name === name ? { ...each, ...change } : each));
  }

  keep(id: string, turn: Partial<Turn> & Pick<Turn, 'question'>): Turn {
    const at = new Date(Date.UTC(2026, 10, 20) + this.conversations.length * 60_000).toISOString();
    const known = this.conversations.find((each) => each.id === id);
    const conversation = known ?? { id, title: turn.question.slice(0, 80), createdAt: at, updatedAt: at, turns: [] };
    if (known === undefined) this.conversations.unshift(conversation);
    const kept = { ...ANSWER, turn: String(conversation.turns.length + 1).padStart(6, '0'), at, ...turn };
    conversation.turns.unshift(kept);
    return kept;
  }
}

/** The site, and an API that keeps to the contract as a test wants it to. */
export interface RagBackend extends SiteFixture {
  /** A new one for each test. */
  state: RagState;
  readonly bucket: SiteBucket;
}

export async function startRagBackend(client: Partial<LoginClient> = {}): Promise<RagBackend> {
  const bucket = await startSiteBucket((key) => {
    const id = key.slice(key.lastIndexOf('/') + 1);
    const { state } = backend;
    state.documents = state.documents.map((each) => (each.id === id ? { ...each, status: 'pending' } : each));
  });
  const pool = new LocalUserPool('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Rag', Date.now, randomUUID);
  const fixture = await startSiteFixture({ pool, bucketOrigin: bucket.origin, client, folder: SITE_FOLDER });
  const backend: RagBackend = {
    ...fixture,
    state: new RagState(),
    bucket,
    close: async () => {
      await Promise.all([fixture.close(), bucket.close()]);
    },
  };
  fixture.serveApi((request) => {
    const { pathname } = new URL(request.url);
    backend.state.requests.push(`${request.method} ${pathname}`);
    const token = decode(request.headers.get('authorization')?.slice('Bearer '.length) ?? '');
    if (token === null) return problem(401, 'unauthorized', 'Sign in.');
    return backend.state.instead(request.method, pathname) ?? answer(backend, request);
  });
  return backend;
}

async function answer({ state, bucket }: RagBackend, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const [, , folder, id = '', more] = pathname.split('/');
  const pageOf = <Row>(rows: readonly Row[]) => {
    const begin = Number(searchParams.get('cursor') ?? 0);
    const end = begin + state.pageSize;
    return { rows: rows.slice(begin, end), ...(end < rows.length ? { cursor: String(end) } : {}) };
  };
  switch (`${request.method} ${folder}${id === '' ? '' : '/id'}${more === undefined ? '' : `/${more}`}`) {
    case 'GET me':
      return Response.json({
        tenant: state.tenant,
        usage: { tokens: state.tokens, limit: 200_000, resetsAt: '2026-11-25T00:00:00.000Z' },
      });
    case 'DELETE me': {
      state.forgetting -= 1;
      const deleted = state.conversations.length;
      if (state.forgetting === 0) state.conversations = [];
      return Response.json({ deleted, done: state.forgetting === 0 });
    }
    case 'GET documents': {
      const { rows, cursor } = pageOf(state.documents);
      return Response.json({ documents: rows, cursor });
    }
    case 'POST documents': {
      state.keys.push(request.headers.get('idempotency-key') ?? '');
      const wanted = (await request.json()) as DocumentRequest;
      const document = state.document({ ...wanted, status: 'waiting' });
      const fields = { key: `uploads/${state.tenant}/${document.id}`, 'Content-Type': wanted.contentType };
      const upload = { url: bucket.origin, fields, expiresAt: '2026-11-24T23:00:00.000Z' };
      return Response.json({ document, upload }, { status: 201 });
    }
    case 'GET documents/id': {
      const document = state.documents.find((each) => each.id === id);
      if (document === undefined) return problem(404, 'not_found', 'There is no such document.');
      const url = `${bucket.origin}/uploads/${state.tenant}/${id}?${new URLSearchParams({ name: document.name })}`;
      return Response.json({ document, download: { url, expiresAt: '2026-11-24T23:00:00.000Z' } });
    }
    case 'DELETE documents/id':
      state.documents = state.documents.map((each) => (each.id === id ? { ...each, status: 'deleting' } : each));
      return new Response(null, { status: 202 });
    case 'GET conversations': {
      const { rows, cursor } = pageOf(state.conversations.map(({ turns: _, ...summary }) => summary));
      return Response.json({ conversations: rows, cursor });
    }
    case 'GET conversations/id': {
      const conversation = state.conversations.find((each) => each.id === id);
      if (conversation === undefined) return problem(404, 'not_found', 'Not found.');
      const { rows, cursor } = pageOf(conversation.turns);
      return Response.json({ ...conversation, turns: rows, cursor });
    }
    case 'DELETE conversations/id':
      state.conversations = state.conversations.filter((each) => each.id !== id);
      return new Response(null, { status: 204 });
    case 'POST conversations/id/messages':
      return ask(state, id, request);
  }
  return problem(404, 'not_found', 'No such route.');
}

async function ask(state: RagState, conversation: string, request: Request): Promise<Response> {
  const { question } = (await request.json()) as QuestionRequest;
  const key = request.headers.get('idempotency-key') ?? '';
  const asked = { conversation, question, key, accept: request.headers.get('accept') };
  state.asked.push(asked);
  const scripted = state.answers.shift();
  if (scripted !== undefined) return scripted(asked);
  return streamed(eventsOf(state.keep(conversation, { question })));
}
