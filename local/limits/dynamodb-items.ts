import type { Limit } from './limit';

const GUIDE = 'docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const API = 'docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const CONSTRAINTS = `${GUIDE}/Constraints.html`;
const DATA_TYPES = `${GUIDE}/HowItWorks.NamingRulesDataTypes.html`;
const PUT = `${API}/API_PutItem.html`;
const OPERATORS = `${GUIDE}/Expressions.OperatorsAndFunctions.html`;
const UPDATES = `${GUIDE}/Expressions.UpdateExpressions.html`;

const INVALID = 'ValidationException';
const ALL_WRITES = 'PutItem, UpdateItem, TransactWriteItems';
const EVERY = 'Every operation';
const EXPRESSIONS = 'Every expression';

/** Tables, and requests as a whole. */
export const TABLES = {
  tableNameLength: {
    operation: 'CreateTable',
    limit: 'Table name, characters',
    min: 3,
    max: 255,
    error: INVALID,
    source: DATA_TYPES,
  },
  tableNameCharacters: {
    operation: 'CreateTable',
    limit: 'Table name with other characters than a-z, A-Z, 0-9, "_", "-" and "."',
    error: INVALID,
    source: DATA_TYPES,
  },
  missingParameter: {
    operation: EVERY,
    limit: 'A required parameter that is missing',
    error: INVALID,
    source: `${API}/CommonErrors.html`,
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** Items, their keys and attributes. */
export const ITEMS = {
  itemBytes: {
    operation: ALL_WRITES,
    limit: 'Item, bytes with names',
    max: 409_600,
    error: INVALID,
    source: CONSTRAINTS,
  },
  attributeName: {
    operation: ALL_WRITES,
    limit: 'Attribute name, characters',
    min: 1,
    max: 65_535,
    error: INVALID,
    source: PUT,
  },
  nesting: { operation: EVERY, limit: 'Levels of nesting', max: 32, error: INVALID, source: CONSTRAINTS },
  setMembers: { operation: EVERY, limit: 'Members of a set', min: 1, error: INVALID, source: DATA_TYPES },
  setDuplicates: { operation: EVERY, limit: 'A set with a member twice', error: INVALID, source: DATA_TYPES },
  numberDigits: {
    operation: EVERY,
    limit: 'Significant digits of a number',
    max: 38,
    error: INVALID,
    source: DATA_TYPES,
  },
  numberMagnitude: {
    operation: EVERY,
    limit: 'Magnitude of a number, as a power of ten',
    min: -130,
    max: 125,
    error: INVALID,
    source: DATA_TYPES,
  },
  partitionKeyBytes: {
    operation: EVERY,
    limit: 'Partition key value, bytes',
    min: 1,
    max: 2048,
    error: INVALID,
    source: CONSTRAINTS,
  },
  sortKeyBytes: {
    operation: EVERY,
    limit: 'Sort key value, bytes',
    min: 1,
    max: 1024,
    error: INVALID,
    source: CONSTRAINTS,
  },
  indexPartitionKeyBytes: {
    operation: ALL_WRITES,
    limit: 'Partition key value of an index, bytes, where an item has the attribute',
    min: 1,
    max: 2048,
    error: INVALID,
    source: CONSTRAINTS,
  },
  indexSortKeyBytes: {
    operation: ALL_WRITES,
    limit: 'Sort key value of an index, bytes, where an item has the attribute',
    min: 1,
    max: 1024,
    error: INVALID,
    source: CONSTRAINTS,
  },
  keySchema: {
    operation: EVERY,
    limit: 'A key with an attribute missing, one too many, or of another type than the table defines',
    error: INVALID,
    source: `${API}/API_GetItem.html`,
  },
  indexKeyType: {
    operation: ALL_WRITES,
    limit: "An index's key attribute of another type than the table defines",
    error: INVALID,
    source: `${GUIDE}/GSI.html`,
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** Expressions, their placeholders, and what a write returns. */
export const EXPRESSION_LIMITS = {
  expressionBytes: {
    operation: EXPRESSIONS,
    limit: 'Expression, bytes',
    min: 1,
    max: 4096,
    error: INVALID,
    source: CONSTRAINTS,
  },
  operators: {
    operation: EXPRESSIONS,
    limit: 'Operators and functions',
    max: 300,
    error: INVALID,
    source: CONSTRAINTS,
  },
  inOperands: {
    operation: 'Conditions',
    limit: 'Operands of IN',
    min: 1,
    max: 100,
    error: INVALID,
    source: CONSTRAINTS,
  },
  operandType: {
    operation: 'Conditions',
    limit: 'A value of a type that its operator or function does not take',
    error: INVALID,
    source: OPERATORS,
  },
  betweenOrder: {
    operation: 'Conditions',
    limit: 'Bounds of BETWEEN that are of two types, or the wrong way round',
    error: INVALID,
    source: OPERATORS,
  },
  placeholderBytes: {
    operation: EXPRESSIONS,
    limit: 'Placeholder such as #name or :value, bytes',
    max: 255,
    error: INVALID,
    source: CONSTRAINTS,
  },
  substitutionBytes: {
    operation: EXPRESSIONS,
    limit: 'ExpressionAttributeNames and ExpressionAttributeValues together, bytes',
    max: 2_097_152,
    error: INVALID,
    source: CONSTRAINTS,
  },
  placeholders: {
    operation: EXPRESSIONS,
    limit: 'Entries of ExpressionAttributeNames or ExpressionAttributeValues, where it is given',
    min: 1,
    error: INVALID,
    source: `${GUIDE}/Expressions.ExpressionAttributeNames.html`,
  },
  placeholderSyntax: {
    operation: EXPRESSIONS,
    limit: 'A placeholder that is not # or : and then letters, digits or underscores',
    error: INVALID,
    source: `${GUIDE}/Expressions.ExpressionAttributeNames.html`,
  },
  undefinedPlaceholder: {
    operation: EXPRESSIONS,
    limit: 'A placeholder that is used and not given',
    error: INVALID,
    source: `${GUIDE}/Expressions.ExpressionAttributeValues.html`,
  },
  unusedPlaceholder: {
    operation: EXPRESSIONS,
    limit: 'A placeholder that is given and not used',
    error: INVALID,
    source: `${GUIDE}/Programming.Errors.html`,
  },
  reservedWord: {
    operation: EXPRESSIONS,
    limit: 'A reserved word as an attribute name',
    error: INVALID,
    source: `${GUIDE}/ReservedWords.html`,
  },
  updateOfKey: {
    operation: 'UpdateItem, TransactWriteItems',
    limit: 'A change of an attribute of the primary key',
    error: INVALID,
    source: `${API}/API_UpdateItem.html`,
  },
  repeatedClause: {
    operation: 'UpdateItem, TransactWriteItems',
    limit: 'An update expression with a clause twice',
    error: INVALID,
    source: UPDATES,
  },
  overlappingPaths: {
    operation: 'UpdateItem, TransactWriteItems',
    limit: 'Two changes of one attribute, or of an attribute and a part of it',
    error: INVALID,
    source: UPDATES,
  },
  returnValues: {
    operation: 'PutItem, DeleteItem',
    limit: 'ReturnValues other than NONE and ALL_OLD',
    error: INVALID,
    source: PUT,
  },
  returnValuesOnFailure: {
    operation: 'PutItem, UpdateItem, DeleteItem, TransactWriteItems',
    limit: 'ReturnValuesOnConditionCheckFailure other than NONE and ALL_OLD',
    error: INVALID,
    source: PUT,
  },
} as const satisfies Readonly<Record<string, Limit>>;
