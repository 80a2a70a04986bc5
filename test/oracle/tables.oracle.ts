import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Comparison, closeAccount } from './comparison';
import { chance, integer, pick } from './draw';
import { drawAttributes } from './draw-item';
import { type MotoFixture, startMotoFixture } from './moto-fixture';
import { meetTableDifferences } from './table-differences';
import { plainRequests } from './table-refusals';
import { TableSequence, tableDefinition } from './table-sequence';
import { TableSides } from './table-side';

const SEQUENCES = 12;
const STEPS = 100;

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-central-1');
});
afterAll(() => fixture.close());

describe('tables', () => {
  it.each(Array.from({ length: SEQUENCES }, (_, index) => index))(
    'random writes and reads, sequence %i',
    async (at) => {
      const comparison = new Comparison(`table ${at}`);
      const sequence = await TableSequence.start(fixture, comparison);
      for (let step = 0; step < STEPS; step += 1) await sequence.step();
    },
  );

  it('numbers as sort keys', async () => {
    const comparison = new Comparison('numbers');
    const { random } = comparison;
    const name = `numbers-${randomUUID().slice(0, 8)}`;
    await fixture.createTable({ name, key: { partition: 'pk', sort: 'at' }, attributeTypes: { pk: 'S', at: 'N' } });
    const sides = new TableSides(fixture, comparison);
    const place = () => ({ N: pick(random, ['-10', '-9', '0', '0.5', '2', '10', '100', '9']) });
    for (let step = 0; step < 80; step += 1) {
      const key = { pk: { S: 'p' }, at: place() };
      if (chance(random, 0.4)) {
        await sides.call('PutItem', { TableName: name, Item: { ...drawAttributes(random), ...key } });
      } else {
        const [low, high] = [key.at, place()].sort((a, b) => Number(a.N) - Number(b.N));
        await sides.query({
          TableName: name,
          KeyConditionExpression: 'pk = :p AND #at BETWEEN :low AND :high',
          ExpressionAttributeNames: { '#at': 'at' },
          ExpressionAttributeValues: { ':p': key.pk, ':low': low, ':high': high },
          ScanIndexForward: chance(random, 0.5),
          Limit: integer(random, 1, 5),
        });
      }
    }
  });

  it('requests that are refused, and their neighbours that are not', async () => {
    const definition = tableDefinition();
    await fixture.createTable(definition);
    const sides = new TableSides(fixture, new Comparison('refusals'));
    for (const [action, input] of plainRequests(definition.name)) await sides.call(action, input);
  });

  it('known differences', async () => {
    const definition = tableDefinition();
    await fixture.createTable(definition);
    await meetTableDifferences(fixture, new Comparison('known differences of tables'), definition.name);
  });
});

closeAccount('tables', SEQUENCES * STEPS);
