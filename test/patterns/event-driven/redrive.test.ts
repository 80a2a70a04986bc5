// @project memory

import { describe, expect, it } from 'vitest';
import { main } from '../../../lib/operations/command-line';
import { createClients } from '../../../lib/operations/redrive/clients';
import { startLocalAws } from '../../../local/aws/server';
import { Failure } from '../../../local/engine/failure';
import type { Faults } from '../../../local/engine/faults';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { operatorServices } from '../../../local/engine/operator-services';
import { deadLetters } from '../../../local/scenarios/dead-letters';
import { effects } from '../../../patterns/event-driven/local/traffic';
import { Seen, words } from '../../lib/operations/terminal-fixture';
import { type RunOptions, withEventDriven } from './engine-fixture';

const line = { sku: 'book', quantity: 1, unitPriceCents: 5_000_000 };

/** A running shop, its operator, and what is amiss with it until it is mended. */
interface RunningShop {
  readonly engine: LocalEngine;
  /** Places an order and lets everything happen that follows from it. */
  readonly order: (key: string) => Promise<string>;
  readonly redrive: (args: string) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  readonly mend: () => void;
  /** The dead-letter queue whose logical id begins so. */
  readonly queue: (prefix: string) => string;
}

/** @param broken what a topic, a rule or a table is like at first */
async function withShop(
  broken: { faults?: Faults; options?: RunOptions; topic?: true },
  use: (shop: RunningShop) => Promise<void>,
) {
  const faults: { undeliverable?: Faults['undeliverable'] } = { ...broken.faults };
  await withEventDriven({ seed: 3, ...broken.options, faults }, async (engine) => {
    const aws = await startLocalAws(operatorServices(engine));
    const { sns } = engine.stores;
    const publish = sns.publish.bind(sns);
    let mended = broken.topic === undefined;
    sns.publish = (...args) => {
      if (!mended) throw new Failure('the topic refuses');
      return publish(...args);
    };
    const order = async (key: string) => {
      const headers = { 'Idempotency-Key': key, ...engine.signedIn('alice') };
      const body = JSON.stringify({ currency: 'EUR', lines: [line] });
      const answer = await engine.request({ method: 'POST', path: '/orders', headers, body });
      expect(answer.statusCode).toBe(202);
      await engine.settle();
      return (JSON.parse(answer.body ?? '') as { orderId: string }).orderId;
    };
    const redrive = async (args: string) => {
      const seen = new Seen({ now: () => engine.clock.now(), sleep: async () => undefined });
      const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' };
      const code = await main(words(`redrive ${args}`), seen.terminal, {
        clientsFor: (region) =>
          createClients({
            endpoint: aws.endpoint,
            region: region ?? 'eu-west-1',
            credentials,
            maxAttempts: 1,
            useQueueUrlAsEndpoint: false,
          }),
      });
      await engine.settle();
      return seen.result(code);
    };
    const mend = () => {
      mended = true;
      delete faults.undeliverable;
    };
    const queue = (prefix: string) => engine.find('AWS::SQS::Queue', prefix).arn?.split(':').pop() ?? '';
    try {
      await use({ engine, order, redrive, mend, queue });
    } finally {
      await aws.close();
    }
  });
}

const refusing = (to: RegExp): Faults => ({ undeliverable: { to, probability: 1 } });

describe('groundplan redrive on the shop', () => {
  it('has an order published again whose publishing failed for good', async () => {
    await withShop({ topic: true }, async ({ engine, order, redrive, mend, queue }) => {
      const orderId = await order('one');
      expect([...deadLetters(engine).keys()]).toEqual([expect.stringMatching(/^ShopPublishOrders/)]);
      mend();
      const name = queue('ShopPublishOrdersDeadLetterQueue');
      const shown = await redrive(`${name} --dry-run`);
      expect([shown.code, shown.out]).toEqual([0, expect.stringContaining(`the item {"pk":{"S":"${orderId}"}}`)]);
      expect(effects(engine, 'ShopBillingTable', 'payment')).toEqual([]);
      expect(await redrive(`${name} --yes`)).toMatchObject({ code: 0 });
      expect(effects(engine, 'ShopBillingTable', 'payment')).toEqual([orderId]);
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('has a FIFO shop publish it again', async () => {
    const sends: string[] = [];
    let refuse = true;
    const onCall: RunOptions['onCall'] = ({ action, service }) => {
      if (service === 'sns') sends.push(action);
      if (service === 'sns' && refuse) throw new Error('the topic refuses');
    };
    await withShop({ options: { props: { fifo: true }, onCall } }, async ({ engine, order, redrive, queue }) => {
      const orderId = await order('one');
      expect([...deadLetters(engine).keys()]).toEqual([expect.stringMatching(/^ShopPublishOrders/)]);
      refuse = false;
      expect(await redrive(`${queue('ShopPublishOrdersDeadLetterQueue')} --yes`)).toMatchObject({ code: 0 });
      expect(effects(engine, 'ShopBillingTable', 'payment')).toEqual([orderId]);
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('names what to do once the stream has let the record go', async () => {
    await withShop({ topic: true }, async ({ engine, order, redrive, mend, queue }) => {
      await order('one');
      mend();
      await engine.during(new Promise<void>((done) => engine.clock.after(25 * 3_600_000, () => done())));
      const name = queue('ShopPublishOrdersDeadLetterQueue');
      const { code, err } = await redrive(`${name} --yes`);
      expect(code).toBe(1);
      expect(err).toMatch(/has left the stream, which keeps 24 hours/);
      const table = engine.find('AWS::DynamoDB::Table', 'ShopOrders').name;
      expect(err).toContain(`aws dynamodb update-item --table-name ${table} --region eu-west-1 --key`);
      const [, discard = ''] = /then: npx groundplan (.+)$/m.exec(err) ?? [];
      expect(await redrive(discard.replace(/^redrive /, ''))).toMatchObject({ code: 0 });
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('starts the workflow that EventBridge could not start, once', async () => {
    await withShop({ faults: refusing(/:stateMachine:/) }, async ({ engine, order, redrive, mend, queue }) => {
      await order('one');
      const name = queue('ShopFactsFulfilDeadLetterQueue');
      expect([...deadLetters(engine).keys()]).toEqual([expect.stringMatching(/^ShopFactsFulfil/)]);
      const [machine] = [...engine.stateMachines.values()];
      const [letter] = engine.stores.sqs.queue(name).contents();
      mend();
      expect((await redrive(`${name} --dry-run`)).out).toMatch(/goes to the workflow .*, as the execution /);
      expect(await redrive(`${name} --yes`)).toMatchObject({ code: 0 });
      expect(machine?.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
      // Should it have died before it could delete the letter, it is sent again.
      engine.stores.sqs.queue(name).send({ body: letter?.body ?? '', attributes: letter?.attributes });
      expect(await redrive(`${name} --yes`)).toMatchObject({ code: 0 });
      expect(machine?.executions).toHaveLength(1);
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it("hands a rule's event to its queue alone, and a topic's message to its subscriber alone", async () => {
    const faults = refusing(/FraudCheckWork|BillingWork/);
    await withShop({ faults }, async ({ engine, order, redrive, mend }) => {
      const orderId = await order('one');
      mend();
      expect(await redrive('EventDriven --yes')).toMatchObject({ code: 0 });
      expect(effects(engine, 'ShopBillingTable', 'payment')).toEqual([orderId]);
      expect(effects(engine, 'ShopFraudCheckTable', 'case')).toEqual([orderId]);
      expect(effects(engine, 'ShopNotificationsTable', 'confirmation')).toEqual([orderId]);
      expect(deadLetters(engine).size).toBe(0);
    });
  });

  it('puts an event that the bus could not process on the bus again', async () => {
    await withShop({}, async ({ engine, order, redrive, queue }) => {
      const orderId = await order('one');
      const event = engine.bus?.archive.find(({ detail }) =>
        (detail as { id: string }).id.startsWith('payment.captured'),
      );
      const name = queue('ShopFactsBusDeadLetterQueue');
      engine.stores.sqs.queue(name).send({ body: JSON.stringify(event) });
      const before = engine.bus?.archive.length ?? 0;
      expect(await redrive(`${name} --yes`)).toMatchObject({ code: 0 });
      expect(engine.bus?.archive).toHaveLength(before + 1);
      // What was handled before is absorbed.
      expect(effects(engine, 'ShopFraudCheckTable', 'case')).toEqual([orderId]);
      expect(deadLetters(engine).size).toBe(0);
    });
  });
});
