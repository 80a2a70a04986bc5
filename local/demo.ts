// `npm run demo`: synthesizes the event-driven pattern, runs it in memory, and sends it orders with faults in them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../cdk.json';
import { GroundplanApp } from '../patterns/groundplan-app';
import { readStack } from './assembly/cloud-assembly';
import type { RecordedCall } from './aws/server';
import type { Faults } from './engine/faults';
import { LocalEngine } from './engine/local-engine';
import {
  deadLetters,
  effects,
  metricSum,
  placeOrders,
  poison,
  SUBSCRIBERS,
  suspicious,
} from './scenarios/event-driven';

const ORDERS = 500;
const SEED = 42;
const POISON = 5;
const FAULTS: Faults = { duplicates: 0.05, crashBeforeEffect: 0.02, crashAfterEffect: 0.02, reordering: true };
const PREFIXES: Readonly<Record<(typeof SUBSCRIBERS)[number], string>> = {
  Billing: 'payment',
  Inventory: 'reservation',
  Notifications: 'confirmation',
};

async function demo(): Promise<boolean> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-demo-'));
  console.log('Synthesizing EventDriven (stage dev) …');
  new GroundplanApp({
    outdir,
    context: { ...cdkJson.context, alarmEmail: 'ops@example.com' },
    builtinCloudFormationValidation: false,
  }).synth();
  const calls: RecordedCall[] = [];
  const onCall = (call: RecordedCall) => {
    calls.push(call);
  };
  const engine = await LocalEngine.start(readStack(outdir, 'EventDriven'), { seed: SEED, faults: FAULTS, onCall });
  try {
    console.log(
      `Placing ${ORDERS} orders through the API, some of them twice; poisoning each queue with ${POISON} messages …`,
    );
    const sent = await placeOrders(engine, ORDERS, SEED);
    poison(engine, POISON);
    console.log('Delivering, with duplicates, crashes and messages out of order …');
    await engine.settle();

    const accepted = [...sent.accepted.keys()].sort();
    const dead = deadLetters(engine);
    const rows = SUBSCRIBERS.map((service) => {
      const poller = engine.pollers.find(({ queue }) => queue.name.includes(`Shop${service}Work`));
      const done = effects(engine, `Shop${service}Table`, PREFIXES[service]).sort();
      const dlq = [...dead].find(([id]) => id.startsWith(`Shop${service}Work`))?.[1] ?? [];
      return { service, done, dlq, crashed: poller?.counts.crashed ?? 0 };
    });
    const nothingLost =
      rows.every(({ done, dlq }) => done.join() === accepted.join() && dlq.length === POISON) &&
      effects(engine, 'ShopFraudCheckTable', 'case').sort().join() === suspicious(sent).sort().join() &&
      dead.size === SUBSCRIBERS.length;

    console.log(`\n${accepted.length} orders accepted, ${sent.repeated} repeats answered alike`);
    console.table(
      rows.map(({ service, done, dlq, crashed }) => ({
        service,
        'orders handled': done.length,
        'handlers crashed': crashed,
        'dead-lettered (poison)': dlq.length,
      })),
    );
    const shipped = engine.bus?.archive.filter((event) => event['detail-type'] === 'order.shipped').length;
    console.log(`${metricSum(engine, 'DuplicatesAbsorbed')} duplicates absorbed`);
    console.log(`${suspicious(sent).length} payments over 1,000 sent to the fraud check`);
    console.log(`${shipped} orders shipped by the workflow`);
    console.log(`${(calls.length / accepted.length).toFixed(1)} AWS calls of the functions for an order`);
    console.log(
      nothingLost ? '\nNothing was lost, and nothing was done twice.' : '\nSOMETHING WAS LOST OR DONE TWICE.',
    );
    return nothingLost;
  } finally {
    await engine.stop();
    rmSync(outdir, { recursive: true, force: true });
  }
}

void demo().then((nothingLost) => {
  process.exitCode = nothingLost ? 0 : 1;
});
