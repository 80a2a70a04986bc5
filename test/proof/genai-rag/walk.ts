import { INLINE_PAYLOAD_LIMIT_BYTES } from '../../../lib/runtime/contract';
import { derivedId } from '../../../lib/runtime/derived-id';
import { AwsError } from '../../../local/aws/service';
import { answerWire, type RecordedCall } from '../../../local/aws/wire';
import { sleep } from '../../../local/clock/clock';
import type { DocumentDownload } from '../../../patterns/genai-rag/contract';
import { startRag } from '../../../patterns/genai-rag/local/place';
import { RagVisitor } from '../../../patterns/genai-rag/local/visitor';
import { seen } from '../live-alarms-handlers';
import type { OwnMetrics } from '../live-alarms-template';
import { withRagAssembly } from './deployed';

const GROUP = 'tenant-acme';
const FOLDER = 'documents/t-acme/';
const TEXT = 'The fare from Oslo to Bergen is forty crowns.';
const QUESTION = 'What is the fare from Oslo to Bergen?';
/** A page, and no PDF. */
const PAGE = '<script>x()</script>';
/** More than an item holds beside a question. */
const LONG_ANSWER = 'x'.repeat(2 * INLINE_PAYLOAD_LIMIT_BYTES);
/** A job has ended by then, and its documents have been looked at. */
const UNTIL_TAKEN_IN = 4 * 60_000;

/** What a walk through all that handlers do left behind. */
export interface Walk {
  readonly calls: readonly RecordedCall[];
  readonly metrics: OwnMetrics;
}

let known: Promise<Walk> | undefined;

/** Takes every path of every handler once, in the engine's time. The calls are those of the handlers, by who made them. */
export function walkRag(): Promise<Walk> {
  known ??= withRagAssembly(async (stack) => {
    const calls: RecordedCall[] = [];
    const refused = new Set<string>();
    const onCall = (call: RecordedCall) => {
      calls.push(call);
      if (refused.has(call.action)) throw new AwsError('AccessDenied', 'Refused', 403);
    };
    const place = await startRag(stack, { onCall });
    try {
      const visitor = new RagVisitor(place, 'ada@example.com', GROUP);
      const { engine } = place;
      await engine.during(documents(place, visitor, refused));
      await engine.during(answers(place, visitor));
      await engine.during(overtaken(place, visitor));
      await engine.during(forgetting(place, visitor));
      return { calls, metrics: seen(engine) };
    } finally {
      await place.stop();
    }
  });
  return known;
}

type Place = Awaited<ReturnType<typeof startRag>>;

/** Good files and such as lie, uploaded and put by an operator; some go again, and a job fails. */
async function documents({ engine, bucket: Bucket }: Place, visitor: RagVisitor, refused: Set<string>): Promise<void> {
  const { s3 } = engine.stores;
  const put = (name: string, text: string) =>
    s3.call('PutObject', { Bucket, Key: `${FOLDER}${name}`, Body: Buffer.from(text), ContentType: 'text/plain' });
  const fares = await visitor.upload('fares.txt', 'text/plain', Buffer.from(TEXT));
  await visitor.upload('page.pdf', 'application/pdf', Buffer.from(PAGE));
  put('operator.txt', TEXT);
  put('gone.txt', TEXT);
  // As the copy of an upload that nobody announced.
  put(`${derivedId('upload', 'nobody')}.txt`, TEXT);
  await sleep(engine.clock, UNTIL_TAKEN_IN);
  s3.call('DeleteObject', { Bucket, Key: `${FOLDER}gone.txt` });
  engine.bedrock.failJob('The store is out of reach');
  engine.bedrock.failDocument('broken', 'Nothing of it can be read');
  put('broken.txt', TEXT);
  await sleep(engine.clock, 3 * UNTIL_TAKEN_IN);
  await visitor.call('GET', '/documents');
  const { download } = await visitor.call<DocumentDownload>('GET', `/documents/${fares}`);
  const { host, pathname, search } = new URL(download?.url ?? '');
  const wire = { method: 'GET', url: `${pathname}${search}`, headers: { host }, body: Buffer.alloc(0) };
  await answerWire(wire, { s3 }, engine.onCall);
  // Its objects stay behind, for the synchronization.
  const left = await visitor.upload('left.txt', 'text/plain', Buffer.from(TEXT));
  await sleep(engine.clock, UNTIL_TAKEN_IN);
  refused.add('DeleteObjects');
  await visitor.send('DELETE', `/api/documents/${left}`);
  refused.clear();
  await sleep(engine.clock, UNTIL_TAKEN_IN);
}

/** Answers: a good one and a long one, each of them again, what is refused, nothing found, and what fails. */
async function answers({ engine }: Place, visitor: RagVisitor): Promise<void> {
  const { bedrock } = engine;
  const again = { conversation: conversation(1), key: 'first' };
  await visitor.ask(QUESTION, again);
  await visitor.ask(QUESTION, again);
  bedrock.script({ chunks: [LONG_ANSWER] });
  const long = { conversation: conversation(1), key: 'long' };
  await visitor.ask(QUESTION, long);
  await visitor.ask(QUESTION, long);
  // The conversation goes while its next answer is on its way, which takes back what it has put down.
  const going = conversation(4);
  await visitor.ask(QUESTION, { conversation: going });
  bedrock.script({ chunks: [LONG_ANSWER, ...Array<string>(100).fill('word ')] });
  let gone: Promise<unknown> | undefined;
  const onWord = () => {
    gone ??= visitor.call('DELETE', `/conversations/${going}`);
  };
  await visitor.ask(QUESTION, { conversation: going, tries: 0, onWord });
  await gone;
  bedrock.script({ guardrail: { action: 'blocked-input' } });
  await visitor.ask(QUESTION, { conversation: conversation(2) });
  bedrock.script({ fail: 'ThrottlingException' });
  await visitor.ask(QUESTION, { conversation: conversation(2) });
  bedrock.script({ fail: 'ResourceNotFoundException' });
  await visitor.ask(QUESTION, { conversation: conversation(2), tries: 0 });
}

/** A long answer whose conversation goes while it comes. */
async function overtaken({ engine }: Place, visitor: RagVisitor): Promise<void> {
  const there = { conversation: conversation(4) };
  await visitor.ask(QUESTION, there);
  let release: () => void = () => undefined;
  const hold = new Promise<void>((done) => {
    release = done;
  });
  engine.bedrock.script({ chunks: ['Well ', LONG_ANSWER], holdAfter: 1, hold });
  let gone: Promise<unknown> | undefined;
  const onWord = () => {
    gone ??= visitor.call('DELETE', `/conversations/${conversation(4)}`).then(release);
  };
  await visitor.ask(QUESTION, { ...there, onWord });
  await gone;
}

/** Somebody without documents asks, and somebody with answers has them forgotten. */
async function forgetting(place: Place, visitor: RagVisitor): Promise<void> {
  await new RagVisitor(place, 'bob@example.com', 'tenant-globex').ask(QUESTION, { conversation: conversation(3) });
  await visitor.call('GET', '/conversations');
  await visitor.call('GET', '/me');
  await visitor.call('GET', `/conversations/${conversation(1)}`);
  await visitor.call('DELETE', `/conversations/${conversation(1)}`);
  await visitor.call('DELETE', '/me');
}

/** A UUID of version 7. */
function conversation(number: number): string {
  return `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
