import { KNOWLEDGE_BASE_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import { isRecord } from '../input';
import { invalid, refusedBy, within } from './errors';

/** Values that metadata may have (AWS: Bedrock, S3 data source metadata). */
export type MetadataValue = string | number | boolean | readonly string[];
export type Metadata = Readonly<Record<string, MetadataValue>>;

/** Vector stores that differ in what they can filter by. */
export type VectorStoreKind = 'OPENSEARCH_SERVERLESS' | 'S3_VECTORS';

type Test = (value: MetadataValue | undefined, wanted: unknown) => boolean;

/** Operators, from what AWS says of each (API: RetrievalFilter). A key that is missing matches the two that deny alone. */
const TESTS: Readonly<Record<string, Test>> = {
  equals: same,
  notEquals: (value, wanted) => !same(value, wanted),
  greaterThan: (value, wanted) => number(value) > number(wanted),
  greaterThanOrEquals: (value, wanted) => number(value) >= number(wanted),
  lessThan: (value, wanted) => number(value) < number(wanted),
  lessThanOrEquals: (value, wanted) => number(value) <= number(wanted),
  in: (value, wanted) => list(wanted).some((each) => same(value, each)),
  notIn: (value, wanted) => !list(wanted).some((each) => same(value, each)),
  startsWith: (value, wanted) => typeof value === 'string' && value.startsWith(String(wanted)),
  listContains: (value, wanted) => Array.isArray(value) && value.includes(wanted),
  stringContains: (value, wanted) =>
    [value].flat().some((each) => typeof each === 'string' && each.includes(String(wanted))),
};
const NUMERIC = ['greaterThan', 'greaterThanOrEquals', 'lessThan', 'lessThanOrEquals'];
const LISTED = ['in', 'notIn'];
/** AWS: RetrievalFilter: "currently best supported for Amazon OpenSearch Serverless"; S3 Vectors has no such operator. */
const OPENSEARCH_ALONE = ['startsWith', 'stringContains'];
const { filterGroup, filterDepth, filterKey, filterShape } = KNOWLEDGE_BASE_LIMITS.rows;

/**
 * Makes a test of a request's filter (AWS: Bedrock API, RetrievalFilter).
 *
 * @throws AwsError of a filter that Bedrock refuses
 */
export function metadataFilter(filter: unknown, store: VectorStoreKind, depth = 0): (metadata: Metadata) => boolean {
  const members = isRecord(filter) ? Object.entries(filter).filter(([, value]) => value !== undefined) : [];
  const [[operator, operand] = ['', undefined], ...more] = members;
  if (more.length > 0 || operator === '') throw refusedBy(filterShape, 'A filter must have exactly one operator.');
  if (operator === 'andAll' || operator === 'orAll') return group(operator, operand, store, depth);
  const test = TESTS[operator];
  if (test === undefined) throw refusedBy(filterShape, `The filter operator ${operator} is not known.`);
  if (store === 'S3_VECTORS' && OPENSEARCH_ALONE.includes(operator))
    throw invalid(`The filter operator ${operator} is not supported for the vector store S3_VECTORS.`);
  const { key, value } = isRecord(operand) ? operand : {};
  if (typeof key !== 'string' || exceeds(filterKey, key.length))
    throw refusedBy(filterKey, within(filterKey, `filter.${operator}.key`));
  checkOperand(operator, value);
  return (metadata) => test(metadata[key], value);
}

function group(
  operator: string,
  operand: unknown,
  store: VectorStoreKind,
  depth: number,
): (metadata: Metadata) => boolean {
  if (!Array.isArray(operand) || exceeds(filterGroup, operand.length))
    throw refusedBy(filterGroup, within(filterGroup, `filter.${operator}`));
  // AWS: Bedrock, query configurations: groups may be combined one level deep.
  if (exceeds(filterDepth, depth + 1)) throw refusedBy(filterDepth, within(filterDepth, `filter.${operator}`));
  const tests = operand.map((each) => metadataFilter(each, store, depth + 1));
  return (metadata) =>
    operator === 'andAll' ? tests.every((test) => test(metadata)) : tests.some((test) => test(metadata));
}

function checkOperand(operator: string, value: unknown): void {
  const wrong = (type: string) =>
    refusedBy(filterShape, `The value of the filter operator ${operator} must be a ${type}.`);
  if (NUMERIC.includes(operator)) {
    if (typeof value !== 'number') throw wrong('number');
  } else if (LISTED.includes(operator)) {
    if (!Array.isArray(value) || value.length === 0) throw wrong('list');
  } else if (operator === 'equals' || operator === 'notEquals') {
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw wrong('string, number or boolean');
  } else if (typeof value !== 'string') throw wrong('string');
}

/** A list has a value that it holds. */
function same(value: MetadataValue | undefined, wanted: unknown): boolean {
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
