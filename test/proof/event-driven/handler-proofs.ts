import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CatalogueId } from '../../../lib/checks';
import type { RecordedCall } from '../../../local/aws/server';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { deadLetters } from '../../../local/scenarios/dead-letters';
import { buildHandlers } from '../../../local/weaken/build-handlers';
import type { SourceChange } from '../../../local/weaken/weakening';
import { effects, metricSum, queueOf } from '../../../patterns/event-driven/local/traffic';
import { IDEMPOTENCE } from '../../../patterns/event-driven/local/weakenings';
import { type RunOptions, withEventDriven } from '../../patterns/event-driven/engine-fixture';
import type { HandlerProof } from '../pattern-proof';

/** One run of the pattern, and what the functions called. */
interface Run {
  readonly engine: LocalEngine;
  readonly calls: readonly RecordedCall[];
}

/** What a run of the engine shows of a row, and the text of the source that makes it so. */
interface EngineProof extends SourceChange {
  readonly options?: RunOptions;
  /** Tells whether the row holds in a run. */
  readonly holds: (run: Run) => Promise<boolean>;
}

/** Runs the pattern with the handlers as built, or with the handling taken out of their source. */
async function runs(proof: EngineProof, isTakenOut: boolean): Promise<boolean> {
  const code = isTakenOut ? await buildHandlers(proof.handlers, proof.source, proof.replace) : undefined;
  const calls: RecordedCall[] = [];
  const onCall = (call: RecordedCall) => {
    calls.push(call);
  };
  try {
    return await withEventDriven({ ...proof.options, code, onCall }, (engine) => proof.holds({ engine, calls }));
  } finally {
    for (const folder of Object.values(code ?? {})) rmSync(dirname(folder), { recursive: true, force: true });
  }
}

const ORDERS = { orders: 'event-driven/handlers/orders-api' };
const line = { sku: 'book', quantity: 1, unitPriceCents: 100 };

/** Places an order whose body has about so many bytes. */
function place({ engine }: Run, key: string, bytes = 100) {
  const lines = Array.from({ length: Math.max(1, Math.floor(bytes / 560)) }, () => ({
    ...line,
    note: 'n'.repeat(500),
  }));
  return engine.request({
    method: 'POST',
    path: '/orders',
    headers: { 'Idempotency-Key': key, ...engine.signedIn('alice') },
    body: JSON.stringify({ currency: 'EUR', lines: bytes <= 100 ? [line] : lines }),
  });
}

const callsOf = ({ calls }: Run, action: string) => calls.filter((call) => call.action === action);

/** An upload above what a synchronous answer or an API takes is refused with a code, before anything is done with it. */
const refusesLargeBodies: EngineProof = {
  handlers: ORDERS,
  source: 'patterns/event-driven/runtime/order-request.ts',
  replace: ['if (bytes.length > MAX_ORDER_BODY_BYTES) {', 'if (bytes.length < 0) {'],
  holds: async (run) => {
    const { statusCode, body = '' } = await place(run, 'k', 2_000_000);
    return statusCode === 413 && body.includes('body_too_large') && run.calls.length === 0;
  },
};

const PROOFS: Partial<Record<CatalogueId, EngineProof>> = {
  'lambda-sync-payload-6mb': refusesLargeBodies,
  'apigw-payload-10mb': refusesLargeBodies,
  'apigw-async-long-work': {
    handlers: ORDERS,
    source: 'patterns/event-driven/handlers/orders-api.ts',
    replace: ['      202,\n', '      200,\n'],
    // One write and the answer: whatever takes longer happens behind the stream.
    holds: async (run) => {
      const { statusCode } = await place(run, 'k');
      const own = run.calls.filter(({ accessKeyId }) => accessKeyId.startsWith('ShopOrdersApi'));
      return statusCode === 202 && own.map(({ action }) => action).join() === 'PutItem';
    },
  },
  'ddb-gsi-eventual': {
    handlers: ORDERS,
    source: 'patterns/event-driven/runtime/orders.ts',
    replace: ['ConsistentRead: true', 'ConsistentRead: false'],
    holds: async (run) => {
      const { orderId } = JSON.parse((await place(run, 'k')).body ?? '') as { orderId: string };
      await run.engine.request({ method: 'GET', path: `/orders/${orderId}`, headers: run.engine.signedIn('alice') });
      await run.engine.request({ method: 'GET', path: '/orders', headers: run.engine.signedIn('alice') });
      const [read] = callsOf(run, 'GetItem');
      const [list] = callsOf(run, 'Query');
      return read?.input['ConsistentRead'] === true && list !== undefined && list.input['ConsistentRead'] !== true;
    },
  },
  'ddb-item-400kb-s3-pointer': {
    handlers: ORDERS,
    source: 'lib/runtime/contract.ts',
    replace: ['INLINE_PAYLOAD_LIMIT_BYTES = 131_072', 'INLINE_PAYLOAD_LIMIT_BYTES = 10_000_000'],
    holds: async (run) => {
      const { statusCode } = await place(run, 'k', 540_000);
      return statusCode === 202 && callsOf(run, 'PutObject').length === 1;
    },
  },
  'sqs-message-size-pointer': {
    handlers: ORDERS,
    source: 'lib/runtime/contract.ts',
    replace: ['INLINE_PAYLOAD_LIMIT_BYTES = 131_072', 'INLINE_PAYLOAD_LIMIT_BYTES = 330_000'],
    holds: async (run) => {
      const { statusCode } = await place(run, 'k', 300_000);
      await run.engine.settle();
      return statusCode === 202 && effects(run.engine, 'ShopInventoryTable', 'reservation').length === 1;
    },
  },
  'sqs-idempotent-consumer': {
    ...IDEMPOTENCE,
    options: { faults: { duplicates: 1 } },
    holds: async (run) => {
      await place(run, 'k');
      await run.engine.settle();
      return metricSum(run.engine, 'EventsHandled') === 3 && metricSum(run.engine, 'DuplicatesAbsorbed') === 27;
    },
  },
  'lambda-sqs-partial-batch': {
    handlers: { billing: 'event-driven/handlers/billing' },
    source: 'lib/runtime/consumer.ts',
    replace: [
      "logger.error('Message failed', { messageId: record.messageId, error: error as Error });\n      throw error;",
      '',
    ],
    holds: async (run) => {
      await place(run, 'k');
      queueOf(run.engine, 'Billing').send({ body: 'not json' });
      await run.engine.settle();
      const dead = [...deadLetters(run.engine).values()].flat();
      return dead.join() === 'not json' && effects(run.engine, 'ShopBillingTable', 'payment').length === 1;
    },
  },
  'sqs-fifo-group-id': {
    handlers: { 'order-publisher': 'event-driven/handlers/publish-order-events' },
    source: 'patterns/event-driven/handlers/publish-order-events.ts',
    replace: ['MessageGroupId: message.orderId', "MessageGroupId: 'all'"],
    options: { props: { fifo: true } },
    holds: async (run) => {
      for (const key of ['a', 'b', 'c']) await place(run, key);
      await run.engine.settle();
      const entries = callsOf(run, 'PublishBatch').flatMap(
        ({ input }) => input['PublishBatchRequestEntries'] as { MessageGroupId: string }[],
      );
      return new Set(entries.map(({ MessageGroupId }) => MessageGroupId)).size === 3;
    },
  },
};

/** The proofs of the rows that live in handler code. */
export const HANDLER_PROOFS: readonly HandlerProof[] = Object.entries(PROOFS).map(([id, proof]) => ({
  id: id as CatalogueId,
  holds: (isTakenOut) => runs(proof, isTakenOut),
}));
