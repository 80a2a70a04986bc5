import { sleep } from '../../../local/clock/clock';
import {
  API_PREFIX,
  type Conversation,
  type ConversationPage,
  type DocumentDownload,
  type DocumentPage,
  type DocumentStatus,
  type Forgotten,
  HEALTH_PATH,
  QUARANTINE_PREFIX,
} from '../contract';
import type { Told } from './answer';
import { HOSTILE, lie, note, ownDocuments } from './documents';
import type { RagPlace } from './place';
import { RagVisitor } from './visitor';

/** Something that someone did, with what must come of it and what came. */
export interface WalkStep {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

/** What a walk showed. */
export interface Walk {
  readonly steps: readonly WalkStep[];
  /** Answers that are worth reading. */
  readonly answers: readonly Told[];
  /** Tenants of the documents that it left, by their ids. */
  readonly tenants: ReadonlyMap<string, string>;
  /** AWS calls of the function that answers, for one answer that streamed. */
  readonly callsPerAnswer: number;
}

/** A message as the model gets it. */
interface AskedMessage {
  readonly role: string;
  readonly content: readonly { readonly guardContent?: { readonly text: { readonly text: string } } }[];
}

/** Between two checks whether documents are ingested, and how many there may be. */
const LOOK = { everyMs: 15_000, most: 40 };
const ON_THEIR_WAY: readonly DocumentStatus[] = ['waiting', 'pending', 'deleting'];
/** Tokens of an answer after which a day has no room for another. */
const NEARLY_A_DAILY_BUDGET = 195_000;

/** Goes through the application as a person does, one thing after the other. */
export async function walkThrough(
  place: RagPlace,
  options: { readonly onStep: (step: WalkStep) => void; readonly callsOfAsk: () => number },
): Promise<Walk> {
  const walk = new RagWalk(place, options.onStep, options.callsOfAsk);
  await walk.aroundTheEdge();
  await walk.ownDocuments();
  await walk.whatIsNotTheirs();
  await walk.hostileDocuments();
  await walk.troubles();
  await walk.deletions();
  const { steps, answers, tenants, callsPerAnswer } = walk;
  return { steps, answers, tenants, callsPerAnswer };
}

/** A walk, chapter by chapter. */
class RagWalk {
  readonly steps: WalkStep[] = [];
  readonly answers: Told[] = [];
  readonly tenants = new Map<string, string>();
  callsPerAnswer = 0;
  private readonly ada: RagVisitor;
  private readonly amy: RagVisitor;
  private readonly carol: RagVisitor;
  private readonly bob: RagVisitor;

  constructor(
    private readonly place: RagPlace,
    private readonly onStep: (step: WalkStep) => void,
    private readonly callsOfAsk: () => number,
  ) {
    const visitor = (name: string, tenant: string) => new RagVisitor(place, `${name}@example.com`, `tenant-${tenant}`);
    this.ada = visitor('ada', 'acme');
    this.amy = visitor('amy', 'acme');
    this.carol = visitor('carol', 'acme');
    this.bob = visitor('bob', 'globex');
  }

  async aroundTheEdge(): Promise<void> {
    await this.step('opens the site, and a link into it', '200 200, one page', async () => {
      const headers = { host: 'localhost' };
      const urls = ['/', '/conversations'];
      const [home, link] = await Promise.all(
        urls.map((url) => this.place.edge.request({ method: 'GET', url, headers })),
      );
      return `${home?.status} ${link?.status}, ${home?.body.equals(link?.body ?? Buffer.alloc(0)) ? 'one page' : 'two pages'}`;
    });
    await this.step('asks the API around the distribution', '403', async () => {
      const { statusCode } = await this.place.engine.api.request({ method: 'GET', path: HEALTH_PATH });
      return String(statusCode);
    });
    await this.step('asks without a token', '401', async () => {
      const headers = { host: 'localhost', 'content-type': 'application/json', 'idempotency-key': '1' };
      const body = Buffer.from('{"question":"Anyone?"}');
      return String((await this.place.edge.request({ method: 'POST', url: this.message(), headers, body })).status);
    });
  }

  async ownDocuments(): Promise<void> {
    const own = ownDocuments();
    await this.step("uploads the project's documents, for two tenants", `${own.length} indexed`, async () => {
      for (const { tenant, ...document } of own) await this.send(tenant === 'globex' ? this.bob : this.ada, document);
      await ingested(this.place, [this.ada, this.bob]);
      return `${(await count(this.ada, 'indexed')) + (await count(this.bob, 'indexed'))} indexed`;
    });
    await this.step('asks, and hears an answer with its sources', 'complete, from 1 tenant', async () => {
      const before = this.callsOfAsk();
      const told = await this.ask(this.ada, 'What does npm start do?');
      this.callsPerAnswer = this.callsOfAsk() - before;
      return `${told.answer?.outcome ?? told.problem}, from ${citedTenants([told], this.tenants).size} tenant`;
    });
    await this.step('asks for an answer in one piece', 'complete', async () => {
      const told = await this.bob.ask('How are duplicates absorbed?', { streams: false, tries: 0 });
      this.answers.push(told);
      return String(told.answer?.outcome ?? told.problem);
    });
    await this.step("asks as another tenant, and hears nothing of the first's", 'globex alone', async () => {
      const told = await this.bob.ask('What does npm start do?', { tries: 0 });
      return `${[...citedTenants([told], this.tenants)].join()} alone`;
    });
  }

  async whatIsNotTheirs(): Promise<void> {
    await this.step("asks for another tenant's document", '404', async () => {
      const [id] = [...this.tenants].find(([, tenant]) => tenant === 'acme') ?? [];
      return String((await this.bob.send('GET', `${API_PREFIX}/documents/${id}`)).status);
    });
    await this.step("asks for a colleague's conversation", '404, nothing in it', async () => {
      const { conversation } = await this.ada.ask('Which patterns are there?');
      const { status } = await this.amy.send('GET', `${API_PREFIX}/conversations/${conversation}`);
      // Whoever asks there begins a conversation of their own.
      await this.amy.ask('And what are they?', { conversation });
      const { turns } = await this.amy.call<Conversation>('GET', `/conversations/${conversation}`);
      return `${status}, ${turns.length === 1 ? 'nothing' : 'something'} in it`;
    });
    await this.step('asks what no document says', 'nothing_found, 0 calls of the model', async () => {
      const before = this.modelCalls();
      const told = await this.ask(this.ada, 'Quagga xylophone?');
      return `${told.answer?.outcome}, ${this.modelCalls() - before} calls of the model`;
    });
  }

  async hostileDocuments(): Promise<void> {
    await this.step('uploads a program that says it is a PDF', 'failed, in quarantine', async () => {
      const id = await this.send(this.ada, lie('invoice'));
      await ingested(this.place, [this.ada]);
      const { document } = await this.ada.call<DocumentDownload>('GET', `/documents/${id}`);
      const aside = this.place.engine.stores.s3
        .keys(this.place.bucket)
        .some((key) => key.startsWith(QUARANTINE_PREFIX) && key.endsWith(id));
      return `${document.status}, ${aside ? 'in' : 'not in'} quarantine`;
    });
    await this.step(
      'uploads a document that gives orders, and asks about it',
      'asked for t-acme, rules as ever',
      async () => {
        await this.send(this.ada, HOSTILE);
        await ingested(this.place, [this.ada]);
        const rules = JSON.stringify(this.place.engine.bedrock.callsOf('ConverseStream').at(-1)?.['system']);
        await this.ask(this.ada, 'How tall is the lighthouse of Bengtskar?');
        const filter = JSON.stringify(this.place.engine.bedrock.callsOf('Retrieve').at(-1) ?? {});
        const { system, toolConfig, messages } = this.place.engine.bedrock.callsOf('ConverseStream').at(-1) ?? {};
        const [{ role, content } = { role: 'none', content: [] }, ...others] = messages as AskedMessage[];
        const passages = content.slice(0, -1).map(({ guardContent }) => guardContent?.text.text ?? '');
        const quoted = passages.every((text) => text.match(/<\/?passage-[0-9a-f]{24}\b/g)?.length === 2);
        const alone = role === 'user' && others.length === 0 && toolConfig === undefined;
        const kept = JSON.stringify(system) === rules && alone && quoted;
        const tenant = /"key":"tenant","value":"([^"]+)"/.exec(filter)?.[1] ?? 'everyone';
        return `asked for ${tenant}, rules ${kept ? 'as ever' : 'changed'}`;
      },
    );
  }

  async troubles(): Promise<void> {
    await this.step('asks while the model is busy', 'complete after 3 tries', async () => {
      const before = this.modelCalls();
      this.place.engine.bedrock.script({ fail: 'ThrottlingException' }, { fail: 'ThrottlingException' });
      const told = await this.amy.ask('What is a stage?', { tries: 0 });
      return `${told.answer?.outcome ?? told.problem} after ${this.modelCalls() - before} tries`;
    });
    let broken: Told | undefined;
    await this.step('hears an answer break off', 'an error, nothing kept', async () => {
      this.place.engine.bedrock.script({ dieAfter: 4 });
      broken = await this.amy.ask('How do I add a gotcha?', { tries: 0 });
      const turns = await turnsOf(this.amy, broken.conversation);
      return `${broken.answer === undefined && broken.retryable ? 'an error' : 'no error'}, ${turns || 'nothing'} kept`;
    });
    await this.step('asks again by the same key, twice', 'complete, the same, 1 turn kept', async () => {
      const { question, conversation, key } = broken ?? { question: '', conversation: '', key: '' };
      const again = await this.amy.ask(question, { conversation, key, tries: 0 });
      const replayed = await this.amy.ask(question, { conversation, key, tries: 0 });
      const same = replayed.answer?.answer === again.answer?.answer ? 'the same' : 'another';
      return `${again.answer?.outcome ?? again.problem}, ${same}, ${await turnsOf(this.amy, conversation)} turn kept`;
    });
    await this.step('hears an answer that the guardrail blocks', "blocked, the guardrail's words kept", async () => {
      this.place.engine.bedrock.script({ guardrail: { action: 'blocked-output', after: 3 } });
      const { answer, conversation, problem } = await this.amy.ask('What runs in CI?', { tries: 0 });
      const { turns } = await this.amy.call<Conversation>('GET', `/conversations/${conversation}`);
      const kept = turns[0]?.answer === answer?.answer && turns[0]?.outcome === 'blocked';
      return `${answer?.outcome ?? problem}, ${kept ? "the guardrail's words" : 'other words'} kept`;
    });
    await this.step('asks beyond what a day allows', '200, then 429 daily_budget', async () => {
      this.place.engine.bedrock.script({ usage: { inputTokens: NEARLY_A_DAILY_BUDGET - 1000, outputTokens: 1000 } });
      const first = await this.carol.ask('What does it cost?', { tries: 0 });
      const { status, problem = 'no problem' } = await this.carol.ask('And what else?', { tries: 0 });
      return `${first.status}, then ${status} ${problem}`;
    });
  }

  async deletions(): Promise<void> {
    await this.step('deletes a document, and asks about it', '202, cited before and not after', async () => {
      const id = await this.send(this.bob, note('Crane', 'The crane of Kaskinen lifts forty tonnes.'));
      await ingested(this.place, [this.bob]);
      const cites = async () => {
        const { answer } = await this.bob.ask('What does the crane of Kaskinen lift?');
        return answer?.citations.some(({ documentId }) => documentId === id) ? 'cited' : 'not';
      };
      const before = await cites();
      const { status } = await this.bob.send('DELETE', `${API_PREFIX}/documents/${id}`);
      await ingested(this.place, [this.bob]);
      return `${status}, ${before} before and ${await cites()} after`;
    });
    await this.step('has all that is kept of them deleted', 'done, no conversation left', async () => {
      const { done } = await this.amy.call<Forgotten>('DELETE', '/me');
      const { conversations } = await this.amy.call<ConversationPage>('GET', '/conversations');
      return `${done ? 'done' : 'not done'}, ${conversations.length || 'no'} conversation left`;
    });
  }

  private async step(what: string, wanted: string, does: () => Promise<string>): Promise<void> {
    const got = await does().catch((error: unknown) => `failed: ${(error as Error).message}`);
    this.steps.push({ what, wanted, got });
    this.onStep({ what, wanted, got });
  }

  private message(id = this.ada.newConversation()): string {
    return `${API_PREFIX}/conversations/${id}/messages`;
  }

  private async ask(visitor: RagVisitor, question: string): Promise<Told> {
    const told = await visitor.ask(question, { tries: 0 });
    this.answers.push(told);
    return told;
  }

  private async send(visitor: RagVisitor, document: string | ReturnType<typeof note>): Promise<string> {
    const { name, contentType, content } = typeof document === 'string' ? note(document, document) : document;
    const id = await visitor.upload(name, contentType, content);
    this.tenants.set(id, visitor === this.bob ? 'globex' : 'acme');
    return id;
  }

  private modelCalls(): number {
    return this.place.engine.bedrock.callsOf('ConverseStream').length;
  }
}

/** Tenants whose documents answers cite; `unknown` for a document that no one has uploaded. */
function citedTenants(told: readonly Told[], tenants: ReadonlyMap<string, string>): Set<string> {
  const cited = told.flatMap(({ answer }) => answer?.citations ?? []);
  return new Set(cited.map(({ documentId }) => tenants.get(documentId) ?? 'unknown'));
}

/** Waits until nothing of some people's tenants is on its way any more, or for ten minutes. */
export async function ingested({ engine }: RagPlace, visitors: readonly RagVisitor[], most = LOOK.most): Promise<void> {
  for (let look = 0; look < most; look += 1) {
    let waiting = false;
    for (const visitor of visitors)
      waiting ||= (await documentsOf(visitor)).some(({ status }) => ON_THEIR_WAY.includes(status));
    if (!waiting) return;
    await sleep(engine.clock, LOOK.everyMs);
  }
}

/** All documents of someone's tenant. */
export async function documentsOf(visitor: RagVisitor): Promise<DocumentPage['documents']> {
  const all: DocumentPage['documents'][number][] = [];
  for (let cursor = ''; ; ) {
    const page = await visitor.call<DocumentPage>('GET', `/documents?limit=100${cursor}`);
    all.push(...page.documents);
    if (page.cursor === undefined) return all;
    cursor = `&cursor=${page.cursor}`;
  }
}

async function count(visitor: RagVisitor, wanted: string): Promise<number> {
  return (await documentsOf(visitor)).filter(({ status }) => status === wanted).length;
}

async function turnsOf(visitor: RagVisitor, conversation: string): Promise<number> {
  const answer = await visitor.send('GET', `${API_PREFIX}/conversations/${conversation}`);
  return answer.status === 404 ? 0 : (JSON.parse(answer.text) as Conversation).turns.length;
}
