import { randomUUID } from 'node:crypto';
import type { TableDefinition } from '../../local/aws/dynamodb/table';
import type { Json } from './aws-client';
import type { Comparison } from './comparison';
import { chance, integer, pick, sample, several } from './draw';
import { drawCondition, Scribe } from './draw-condition';
import { drawAttributes, drawIndexKey, drawKey } from './draw-item';
import { drawUpdate } from './draw-update';
import type { MotoFixture } from './moto-fixture';
import { TableSides } from './table-side';

/** A table with a sort key and an index. */
export function tableDefinition(stream?: TableDefinition['stream']): TableDefinition {
  return {
    name: `table-${randomUUID().slice(0, 8)}`,
    key: { partition: 'pk', sort: 'sk' },
    attributeTypes: { pk: 'S', sk: 'S', owner: 'S', place: 'S' },
    indexes: { byOwner: { partition: 'owner', sort: 'place' } },
    stream,
  };
}

/** Random life of a table. */
export class TableSequence {
  private readonly sides: TableSides;

  private constructor(
    private readonly comparison: Comparison,
    private readonly name: string,
    fixture: MotoFixture,
  ) {
    this.sides = new TableSides(fixture, comparison);
  }

  static async start(
    fixture: MotoFixture,
    comparison: Comparison,
    definition = tableDefinition(),
  ): Promise<TableSequence> {
    await fixture.createTable(definition);
    return new TableSequence(comparison, definition.name, fixture);
  }

  /** One random operation. */
  async step(): Promise<void> {
    const { random } = this.comparison;
    const roll = random();
    if (roll < 0.25) return this.write('PutItem');
    if (roll < 0.5) return this.write('UpdateItem');
    if (roll < 0.58) return this.write('DeleteItem');
    if (roll < 0.66) await this.sides.call('GetItem', { TableName: this.name, Key: drawKey(random) });
    else if (roll < 0.8) await this.transact();
    else await this.sides.query({ TableName: this.name, ...(chance(random, 0.6) ? this.ofTable() : this.ofIndex()) });
  }

  private async write(action: 'PutItem' | 'UpdateItem' | 'DeleteItem'): Promise<void> {
    const { random } = this.comparison;
    const input = this.change(action, chance(random, 0.3));
    const returned =
      action === 'UpdateItem' ? (['NONE', 'ALL_OLD', 'ALL_NEW'] as const) : (['NONE', 'ALL_OLD'] as const);
    await this.sides.call(action, { ...input, ReturnValues: pick<string>(random, returned) });
  }

  /** Input of a write: the same for a single write and within a transaction. */
  private change(action: 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheck', safe: boolean, key = this.key()) {
    const { random } = this.comparison;
    const scribe = new Scribe();
    const input: Json = { TableName: this.name };
    if (action === 'PutItem') input['Item'] = { ...drawAttributes(random), ...drawIndexKey(random, key), ...key };
    else input['Key'] = key;
    if (action === 'UpdateItem') input['UpdateExpression'] = drawUpdate(random, scribe, safe);
    if (action === 'ConditionCheck' || chance(random, 0.6)) {
      input['ConditionExpression'] = drawCondition(random, scribe);
      if (chance(random, 0.5)) input['ReturnValuesOnConditionCheckFailure'] = pick(random, ['ALL_OLD', 'NONE']);
    }
    return { ...input, ...scribe.placeholders() };
  }

  private key() {
    return drawKey(this.comparison.random);
  }

  private async transact(): Promise<void> {
    const { random } = this.comparison;
    const keys = several(random, 1, 4, () => this.key());
    // Mostly different items; two actions on one item are refused.
    const distinct = keys.filter(
      (key, at) => keys.findIndex(({ pk, sk }) => pk.S === key.pk.S && sk.S === key.sk.S) === at,
    );
    const items = (chance(random, 0.9) ? distinct : keys).map((key) => {
      const [kind, action] = pick<readonly [string, 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheck']>(
        random,
        [
          ['Put', 'PutItem'],
          ['Update', 'UpdateItem'],
          ['Delete', 'DeleteItem'],
          ['ConditionCheck', 'ConditionCheck'],
        ],
      );
      return { [kind]: this.change(action, true, key) };
    });
    await this.sides.call('TransactWriteItems', { TransactItems: items });
  }

  private page(): Json {
    const { random } = this.comparison;
    return {
      ...(chance(random, 0.6) && { Limit: integer(random, 1, 4) }),
      ...(chance(random, 0.5) && { ScanIndexForward: chance(random, 0.5) }),
    };
  }

  private ofTable(): Json {
    return { ...this.keyCondition('pk', ['p1', 'p2', 'p3'], 'sk', ['a', 'ab', 'b', 'ä', 'b2']), ...this.page() };
  }

  private ofIndex(): Json {
    const { random } = this.comparison;
    const condition = this.keyCondition('owner', ['o1', 'o2'], 'place', ['x', 'y-', 'y-p1-b', 'x-p2']);
    return {
      IndexName: 'byOwner',
      ...condition,
      ...this.page(),
      ...(chance(random, 0.3) && { ConsistentRead: false }),
    };
  }

  private keyCondition(partition: string, partitions: string[], sort: string, sorts: string[]): Json {
    const { random } = this.comparison;
    const scribe = new Scribe();
    const [value = ''] = sample(random, partitions, 1);
    const first = `${scribe.name(random, partition)} = ${scribe.value({ S: value })}`;
    const text = () => scribe.value({ S: sample(random, sorts, 1)[0] ?? '' });
    const range = scribe.name(random, sort);
    const [low = '', high = ''] = sample(random, sorts, 2).sort();
    const second = pick<() => string>(random, [
      () => `begins_with(${range}, ${text()})`,
      () => `${range} BETWEEN ${scribe.value({ S: low })} AND ${scribe.value({ S: high })}`,
      () => `${range} ${pick(random, ['=', '<', '<=', '>', '>='])} ${text()}`,
    ]);
    const KeyConditionExpression = chance(random, 0.3) && !range.startsWith('#') ? first : `${first} AND ${second()}`;
    return { KeyConditionExpression, ...scribe.placeholders() };
  }
}
