// What the live processor does with a batch, on one core, against the floor: decoding and parsing the same batch and doing
// nothing with it. Run it after a build with `npm run bench:aggregator`. Exit code 1 below half of the floor.
import batch from '../dist/patterns/data-pipeline/runtime/batch.js';

const { readBatch, sumsOf } = batch;
const ROUNDS = 60;
const RECORDS = 500;
const MIN_RATIO = 0.5;

const now = Date.now();
const records = Array.from({ length: RECORDS }, (_, index) => {
  const event = {
    event_id: `event-${index}`,
    event_type: index % 20 === 0 ? 'purchase' : 'page_view',
    occurred_at: new Date(now).toISOString(),
    session_id: `session-${index % 50}`,
    user_id: `user-${index % 50}`,
    page: '/',
    amount_cents: 1999,
    referrer: '',
  };
  // A record of 1 KB.
  event.referrer = `https://example.com/${'r'.repeat(1004 - JSON.stringify(event).length)}`;
  return {
    eventID: `shardId-000000000000:${index}`,
    kinesis: {
      data: Buffer.from(JSON.stringify(event)).toString('base64'),
      sequenceNumber: String(index),
      approximateArrivalTimestamp: now / 1000,
    },
  };
});

const floor = () => records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, 'base64').toString()));
const ours = () => {
  const { minutes, rejected } = readBatch(records, now);
  for (const { error } of rejected) throw error;
  return minutes.map((minute) => sumsOf(minute.records));
};

function millisecondsOf(work) {
  const begun = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

// In turns, so that what disturbs one disturbs the other; and of each the least disturbed run.
let [least, took] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
for (let round = 0; round < ROUNDS; round += 1) {
  least = Math.min(least, millisecondsOf(floor));
  took = Math.min(took, millisecondsOf(ours));
}
const perSecond = (milliseconds) => Math.round((RECORDS / milliseconds) * 1000);
console.log(`node ${process.version}, ${RECORDS} records of 1 KB, best of ${ROUNDS} runs`);
console.table({
  floor: { 'records/s': perSecond(least) },
  aggregator: { 'records/s': perSecond(took), 'of the floor': (least / took).toFixed(2) },
});
if (least / took < MIN_RATIO) process.exitCode = 1;
