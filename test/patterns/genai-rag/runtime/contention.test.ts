import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import { DYNAMODB_LIMITS } from '../../../../local/limits/dynamodb';
import { refused } from '../../../../local/limits/limit';
import { uncontended } from '../../../../patterns/genai-rag/runtime/contention';
import { WALL_TIME } from '../../../../patterns/genai-rag/runtime/timing';
import { AskFixture, conversationId, eventOf, subject } from './ask-fixture';
import { ACME, DocumentsFixture, type Hook } from './documents-fixture';

const RETRYABLE = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const WRITES = new Set(['TransactWriteItems', 'PutItem', 'UpdateItem', 'DeleteItem']);
const NOW = { after: WALL_TIME.after, random: () => 0 };

/** What DynamoDB answers when a transaction holds an item of this write. */
function contended(action: string, code: string, items: number): AwsError {
  if (action !== 'TransactWriteItems') return refused(DYNAMODB_LIMITS.rows.writeConflict, 'Transaction is ongoing');
  const CancellationReasons = Array.from({ length: items }, (_, index) => ({ Code: index === 1 ? code : 'None' }));
  return new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, { CancellationReasons });
}

describe('a write that others are in the way of', () => {
  const conflict = () => new TransactionConflictException({ message: 'ongoing', $metadata: { attempts: 1 } });

  it('is tried eight times and no more', async () => {
    let tries = 0;
    const never = uncontended(async () => {
      tries += 1;
      throw conflict();
    }, NOW);
    await expect(never).rejects.toThrow(TransactionConflictException);
    expect(tries).toBe(8);
  });

  it('is not tried again after another error, nor after what the SDK has repeated', async () => {
    const throttled = { name: 'ThrottlingException', $metadata: { attempts: 4 } };
    for (const error of [new Error('no'), Object.assign(new Error('busy'), throttled)]) {
      let tries = 0;
      const failing = uncontended(async () => {
        tries += 1;
        throw error;
      }, NOW);
      await expect(failing).rejects.toBe(error);
      expect(tries).toBe(1);
    }
  });
});

describe('the chat', () => {
  let fixture: AskFixture;
  /** How long a write is in flight. */
  let writeMs = 0;
  const asked = { groups: 'tenant-acme', question: 'What is the fare of a day?' };
  beforeAll(async () => {
    fixture = await new AskFixture({ inFlight: () => new Promise((done) => setTimeout(done, writeMs)) }).start();
    fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
  });
  afterAll(() => fixture.stop());
  beforeEach(() => {
    fixture.calls.length = 0;
    fixture.onCall = () => {};
  });

  /** Refuses each write some times before it is performed. */
  function refuse(code: string, times: number): void {
    const tries = new Map<string, number>();
    fixture.onCall = ({ action, input }) => {
      if (!WRITES.has(action)) return;
      const { ClientRequestToken: _, ...write } = input;
      const before = tries.get(JSON.stringify(write)) ?? 0;
      tries.set(JSON.stringify(write), before + 1);
      if (before < times) throw contended(action, code, (input['TransactItems'] as unknown[] | undefined)?.length ?? 1);
    };
  }

  it.each(RETRYABLE)('lets a question in, keeps its answer and gives back what it took, after %s', async (code) => {
    refuse(code, 3);
    const there = { ...asked, user: `contended-${code}`, conversation: conversationId(RETRYABLE.indexOf(code) + 1) };
    fixture.bedrock.script({ text: 'Twelve. [1]', usage: { inputTokens: 40, outputTokens: 2 } }, { dieAfter: 0 });
    expect(eventOf(await fixture.ask(there), 'done')).toMatchObject({ outcome: 'complete' });
    const before = fixture.dayTokens(there.user);
    expect(before).toBe(42);
    const failed = eventOf(await fixture.ask(there), 'error')?.['usage'] as { inputTokens: number };
    expect(fixture.dayTokens(there.user)).toBe(before + failed.inputTokens);
  });

  it('says that it is away, and keeps nothing, when it does not end', async () => {
    refuse('TransactionConflict', 1000);
    const there = { ...asked, user: 'endless', accept: 'application/json' };
    const { status, json, headers } = await fixture.ask(there);
    expect([status, json['code'], headers['retry-after']]).toEqual([503, 'unavailable', '1']);
    expect(fixture.calls.filter(({ action }) => action === 'TransactWriteItems')).toHaveLength(8);
    expect(fixture.dayTokens('endless')).toBe(0);
  });

  it('answers questions that one user asks at once, where writes take time, and counts them to the token', async () => {
    writeMs = 5;
    const { askHandler, answeringFromEnvironment } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    const handler = askHandler(WALL_TIME, answeringFromEnvironment(WALL_TIME));
    const behaviour = { text: 'Twelve. [1]', usage: { inputTokens: 70, outputTokens: 7 } };
    fixture.bedrock.script(...Array.from({ length: 6 }, () => behaviour));
    const there = { ...asked, user: 'two-tabs', conversation: conversationId(5) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => fixture.through(handler, there)));
    writeMs = 0;
    const numbers = answers.map((answer) => eventOf(answer, 'done')?.['turn']).sort();
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6].map((number) => String(number).padStart(8, '0')));
    expect(fixture.dayTokens('two-tabs')).toBe(6 * 77);
    expect(fixture.conflicts).toBeGreaterThan(0);
  });

  it('forgets what a user said, after conflicts', async () => {
    const there = { ...asked, user: 'forgotten', conversation: conversationId(77) };
    await fixture.ask(there);
    const { Forgetting } = await import('../../../../patterns/genai-rag/runtime/forget.js');
    const { answeringFromEnvironment } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    const { documents: client } = await import('../../../../lib/runtime/document-client.js');
    refuse('TransactionConflict', 2);
    const { conversations } = answeringFromEnvironment(fixture.timing);
    const forgetting = new Forgetting({ name: 'conversations', client }, conversations, fixture.timing);
    expect(await forgetting.user({ tenant: 't-acme', user: subject('forgotten') })).toEqual({ deleted: 2, done: true });
  });
});

describe('the documents', () => {
  it('are announced, inspected, ingested and deleted, though each write is refused twice at first', async () => {
    const fixture = new DocumentsFixture();
    await fixture.start();
    try {
      const refusals = new Map<string, number>();
      let refusedWrites = 0;
      // A write counts as another one once the one before it went through.
      const hook: Hook = (call, when) => {
        if (!['Put', 'Update', 'Delete', 'TransactWrite'].includes(call)) return;
        const before = refusals.get(call) ?? 0;
        refusals.set(call, when === 'after' ? 0 : before + 1);
        if (when === 'after' || before >= 2) return;
        refusedWrites += 1;
        const members = { message: 'ongoing', $metadata: { attempts: 1 } };
        if (call !== 'TransactWrite') throw new TransactionConflictException(members);
        const CancellationReasons = [{ Code: RETRYABLE[refusedWrites % RETRYABLE.length] ?? '' }];
        throw new TransactionCanceledException({ ...members, CancellationReasons });
      };
      const announced = { name: 'fares.txt', contentType: 'text/plain' as const, size: 4, idempotencyKey: 'a' };
      const { document } = await fixture.library(hook).announce(ACME, announced);
      fixture.put(`uploads/${ACME.tenant}/${document.id}`, 'Fare');
      for (let event = fixture.events.shift(); event !== undefined; event = fixture.events.shift()) {
        await fixture.inspect(event, hook);
      }
      for (let minute = 0; minute < 3; minute += 1) {
        fixture.now += 60_000;
        await fixture.sync(hook);
      }
      expect(await fixture.row(ACME.tenant, document.id)).toMatchObject({ status: 'indexed' });
      await fixture.library(hook).remove(ACME, document.id);
      expect(await fixture.row(ACME.tenant, document.id)).toMatchObject({ status: 'deleting' });
      expect(refusedWrites).toBeGreaterThanOrEqual(12);
      expect(refusedWrites % 2).toBe(0);
    } finally {
      await fixture.stop();
    }
  });
});
