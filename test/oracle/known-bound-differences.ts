import type { boundsThatMotoLacks } from './table-bounds';

const INVALID = { error: 'ValidationException' };
const FAILED = { error: 'ConditionalCheckFailedException' };
const NOTHING = { Items: [], Count: 0, ScannedCount: 0 };

const CONSTRAINTS = 'DynamoDB Developer Guide, "Constraints in Amazon DynamoDB"';
const OPERATORS = 'DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions"';
const QUERY = 'DynamoDB API Reference, Query';

type Id = keyof ReturnType<typeof boundsThatMotoLacks>;

/** What each request beyond a bound asks for, what moto answers, and what AWS says. */
const ROWS: readonly (readonly [Id, operation: string, moto: unknown, documentation: string])[] = [
  ['number-of-39-digits', 'PutItem with a number of 39 digits', {}, `${CONSTRAINTS}, Number: up to 38 digits.`],
  ['nested-33-levels', 'PutItem with a value nested 33 levels deep', {}, `${CONSTRAINTS}, attribute depth: 32 levels.`],
  ['operands-of-in', 'PutItem with 101 operands of IN', FAILED, `${CONSTRAINTS}, operators and operands: 100 for IN.`],
  ['expression-of-4097-bytes', 'PutItem with a condition of 4097 bytes', {}, `${CONSTRAINTS}, lengths: 4 KB.`],
  [
    'placeholder-syntax',
    'PutItem with a name placeholder without #',
    {},
    'DynamoDB Developer Guide, "Expression attribute names (aliases)": a name begins with a pound sign (#).',
  ],
  ['type-of-an-operand', 'PutItem with a condition that orders booleans', FAILED, `${OPERATORS}: types of operands.`],
  ['order-of-between', 'PutItem with BETWEEN 9 AND 1', FAILED, `${OPERATORS}: a is between b and c, b <= c.`],
  [
    'returned-on-failure',
    'PutItem with ReturnValuesOnConditionCheckFailure ALL_NEW',
    {},
    'DynamoDB API Reference, PutItem, ReturnValuesOnConditionCheckFailure: valid values ALL_OLD, NONE.',
  ],
  ['page-of-none', 'Query with Limit 0', { error: 'HTTP 500' }, `${QUERY}, Limit: minimum value of 1.`],
  [
    'type-in-a-key-condition',
    'Query with a value of another type than the key',
    NOTHING,
    'DynamoDB Developer Guide, "Key condition expressions": the condition is on the key, whose type the table defines.',
  ],
  [
    'start-key-of-another-partition',
    'Query with a start key of another partition',
    NOTHING,
    `${QUERY}, ExclusiveStartKey: the value that was returned for LastEvaluatedKey.`,
  ],
  [
    'start-key-without-an-attribute',
    'Query with a start key without its sort key',
    { error: 'HTTP 500' },
    `${QUERY}, ExclusiveStartKey: the primary key of the first item that will be evaluated.`,
  ],
  [
    'start-key-too-long',
    'Query with a start key whose sort key has 5000 bytes',
    NOTHING,
    `${CONSTRAINTS}, sort key length: 1024 bytes.`,
  ],
  [
    'token-of-37-characters',
    'TransactWriteItems with a token of 37 characters',
    { ConsumedCapacity: [], ItemCollectionMetrics: {} },
    'DynamoDB API Reference, TransactWriteItems, ClientRequestToken: 1 to 36 characters.',
  ],
];

/** Bounds of tables that moto does not have. */
export const BOUND_DIFFERENCES = Object.fromEntries(
  ROWS.map(([id, operation, moto, documentation]) => [
    id,
    { scope: 'tables' as const, operation, moto, ours: INVALID as unknown, documentation },
  ]),
) as Readonly<Record<Id, { scope: 'tables'; operation: string; moto: unknown; ours: unknown; documentation: string }>>;
