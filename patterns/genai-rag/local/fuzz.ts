import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { subjectOf } from '../../../local/aws/user-pool';
import { sleep } from '../../../local/clock/clock';
import type { ApiAnswer } from '../../../local/engine/api-integrations';
import type { LocalEngineOptions } from '../../../local/engine/local-engine';
import { newActors } from '../../../local/fuzz/actors';
import { originHeaders } from '../../../local/fuzz/origin';
import { apiRequest, bodyOf, type FuzzRequest, headerOf, parsed } from '../../../local/fuzz/request';
import type { Actor, Session, Thing } from '../../../local/fuzz/session';
import type { FuzzPlace, FuzzTarget } from '../../../local/fuzz/target';
import { isForm, sendForm } from '../../../local/fuzz/upload';
import {
  CONVERSATION,
  CONVERSATIONS,
  DOCUMENT,
  DOCUMENTS,
  GENAI_RAG_OPERATIONS,
  GENAI_RAG_ROUTES,
  ME,
} from './fuzz-operations';
import { type RagPlace, startRag } from './place';

/** The API of the GenAI application, with its conversations and its documents. */
export function genaiRagTarget(stack: SynthesizedStack, { code }: Pick<LocalEngineOptions, 'code'> = {}): FuzzTarget {
  return {
    operations: GENAI_RAG_OPERATIONS,
    routes: GENAI_RAG_ROUTES,
    open: async (seed, onLog) => new Library(await startRag(stack, { seed, code, onLog, tokenMs: 0 })),
    close: async () => undefined,
  };
}

/** Bytes of the largest document that is really sent, and how many of a run are: each takes a job, and as long as fifty answers. */
const LARGEST_SENT = 1000;
const MAX_SENT = 2;
/** Milliseconds in which what was sent is ingested or has failed: runs of the schedule, and a job. */
const INGESTION_MS = 3 * 60_000;

class Library implements FuzzPlace {
  readonly engine;
  readonly headers: FuzzRequest['headers'];
  private readonly conversations;
  private readonly documents;
  private readonly buckets: readonly string[];

  constructor(private readonly place: RagPlace) {
    const { engine } = place;
    this.engine = engine;
    this.headers = originHeaders(engine);
    const tableOf = (prefix: string) => engine.stores.dynamodb.table(engine.find('AWS::DynamoDB::Table', prefix).name);
    this.conversations = tableOf('RagAnswersConversationsTable');
    this.documents = tableOf('RagLibraryTable');
    this.buckets = [place.bucket, engine.find('AWS::S3::Bucket', 'RagAnswersLongTurns').name];
  }

  actors(run: string): readonly [Actor, ...Actor[]] {
    const people = newActors(this.engine, run);
    for (const { email, tenant } of people) this.place.pool.setGroups(email, [`tenant-${tenant}`]);
    return people;
  }

  send(request: FuzzRequest): Promise<ApiAnswer> {
    return this.engine.api.request(apiRequest(request));
  }

  footprint({ actors }: Session): Readonly<Record<string, number>> {
    const day = new Date(this.engine.clock.now()).toISOString().slice(0, 10);
    const tokens = actors.map(({ tenant, email }) => {
      const key = { pk: { S: `user#t-${tenant}#${subjectOf(email)}` }, sk: { S: `usage#${day}` } };
      const used = this.conversations.get(key)?.['tokens'];
      return used !== undefined && 'N' in used ? Number(used.N) : 0;
    });
    const [documents = '', turns = ''] = this.buckets;
    return {
      'items of conversations': this.conversations.size,
      'items of documents': this.documents.size,
      'objects of documents': this.engine.stores.s3.keys(documents).length,
      'long turns': this.engine.stores.s3.keys(turns).length,
      'tokens of the day': tokens.reduce((sum, each) => sum + each, 0),
    };
  }

  observe(session: Session, actor: Actor, request: FuzzRequest, answer: ApiAnswer): readonly string[] {
    const { statusCode: status, body } = answer;
    if (status >= 400) return [];
    const path = new URL(`http://localhost${request.path}`).pathname;
    const said = parsed(body) ?? {};
    if (request.method === 'POST' && path.endsWith('/messages'))
      return asked(session, actor, request, path, body ?? '');
    if (request.method === 'POST') return keptDocument(session, actor, request, said);
    if (request.method === 'DELETE') return removed(session, actor, path);
    if (typeof said['cursor'] === 'string') session.cursors.push({ owner: actor, path, text: said['cursor'] });
    return [];
  }

  /** The files that were granted come, and every document is searched or has failed. */
  async settled(session: Session): Promise<readonly string[]> {
    const faults: string[] = [];
    const announced = session.things.filter(
      ({ kind, gone = 'no', granted, shown }) =>
        kind === DOCUMENT && gone === 'no' && isForm(granted) && Number(shownOf(shown)['size']) <= LARGEST_SENT,
    );
    const waiting = announced.slice(0, MAX_SENT);
    if (waiting.length === 0) return [];
    for (const { granted, shown } of waiting) {
      const content = Buffer.alloc(Number(shownOf(shown)['size']), 'a');
      const status = isForm(granted) ? await sendForm(this.engine, granted, content) : 0;
      if (status !== 204) faults.push(`S3 answers ${status} to the form that was granted`);
    }
    await this.engine.during(sleep(this.engine.clock, INGESTION_MS));
    for (const document of waiting) faults.push(...(await this.takenIn(document)));
    return faults;
  }

  private async takenIn({ id, owner, path }: Thing): Promise<readonly string[]> {
    const headers = [...this.headers, ['authorization', `Bearer ${owner.token}`] as const];
    const { body } = await this.engine.during(this.send({ method: 'GET', path, query: [], headers }));
    const { status } = shownOf(parsed(body) ?? {});
    return status === 'indexed' || status === 'failed'
      ? []
      : [`the document ${id} came, and is ${String(status)} still`];
  }

  stop(): Promise<void> {
    return this.place.stop();
  }
}

type Said = Readonly<Record<string, unknown>>;

function shownOf({ document }: Said): Said {
  return (document ?? {}) as Said;
}

/** An answer is kept as a turn of a conversation of whoever asked, whoever else has one by the same id. */
function asked(session: Session, actor: Actor, request: FuzzRequest, path: string, body: string): readonly string[] {
  const id = decodeURIComponent(path.split('/').at(-2) ?? '').toLowerCase();
  const error = /^event: error\ndata: (.*)$/m.exec(body)?.[1];
  if (error !== undefined) return [`breaks an answer off: ${error}`];
  const content = `${id} ${JSON.stringify(bodyOf(request))}`;
  session.keys.set(`${actor.name} question ${headerOf(request, 'idempotency-key')}`, content);
  session.keep({ kind: CONVERSATION, id, owner: actor, path: `${CONVERSATIONS}/${id}`, shown: { id } });
  return [];
}

/** A document is its tenant's. */
function keptDocument(session: Session, actor: Actor, request: FuzzRequest, said: Said): readonly string[] {
  const { id, name, contentType, size } = shownOf(said);
  if (typeof id !== 'string') return ['announces a document without telling its id'];
  const sharedWith = ({ tenant }: Actor) => tenant === actor.tenant;
  const path = `${DOCUMENTS}/${id}`;
  const shown = { document: shownOf(said) };
  session.keep({ kind: DOCUMENT, id, owner: actor, path, sharedWith, shown, granted: said['upload'] });
  const sent = bodyOf(request) ?? {};
  session.keys.set(`${actor.name} document ${headerOf(request, 'idempotency-key')}`, JSON.stringify(sent));
  // A name is kept as a person sees it.
  const isSame =
    legible(sent['name']) === legible(name) && sent['contentType'] === contentType && sent['size'] === size;
  return isSame ? [] : ['announces another document than was sent'];
}

/** What of a text a person sees, without what parts it. */
function legible(text: unknown): string {
  return String(text).replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, '');
}

function removed(session: Session, actor: Actor, path: string): readonly string[] {
  const gone = session.things.filter((thing) => {
    if (thing.kind === DOCUMENT) return thing.path === path.toLowerCase() && thing.sharedWith?.(actor) === true;
    return thing.owner === actor && (path === ME || thing.path === path.toLowerCase());
  });
  for (const thing of gone) {
    if (thing.kind === CONVERSATION) session.keep({ ...thing, gone: 'yes' });
    // A document is shown as one that goes until nothing finds it any more.
    else session.keep({ ...thing, gone: 'going', shown: {} });
  }
  return [];
}
