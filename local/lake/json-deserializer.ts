/** A delivery stream's deserializer as a template has it. */
export interface DeserializerProperties {
  readonly HiveJsonSerDe?: { readonly TimestampFormats?: readonly string[] };
  readonly OpenXJsonSerDe?: { readonly CaseInsensitive?: boolean };
}

type Document = Readonly<Record<string, unknown>>;

/** How Firehose reads JSON before it converts it (docs.aws.amazon.com/firehose: record-format-conversion, deserializer). */
export interface JsonDeserializer {
  /** Members of a document by the name that a column is looked for. */
  readonly members: (document: Document) => ReadonlyMap<string, unknown>;
  /** Undefined for what is no time in a format that it reads. */
  readonly timestamp: (value: unknown) => Date | undefined;
}

/** As `java.sql.Timestamp.valueOf` reads it: what the Hive JSON SerDe does without formats. */
const SQL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/;
/** What the OpenX JSON SerDe reads beside numbers. Months and days may have one digit where a space is in the middle. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const LENIENT_SQL = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/;
/** From here on a number is in milliseconds; AWS does not say how it tells them from seconds. */
const MIN_MILLISECONDS = 100_000_000_000;

/**
 * The deserializer of a delivery stream.
 *
 * @throws Error for what is not known here
 */
export function jsonDeserializer(properties: DeserializerProperties | undefined): JsonDeserializer {
  const { HiveJsonSerDe: hive, OpenXJsonSerDe: openX, ...more } = properties ?? {};
  const [unknown] = [...Object.keys(more), ...Object.keys(hive ?? {})];
  if (unknown !== undefined) throw new Error(`The deserializer's ${unknown} is not known here`);
  if ((hive === undefined) === (openX === undefined))
    throw new Error('One deserializer of Hive or OpenX must be given');
  if (openX === undefined) return { members: asWritten, timestamp: sql };
  const { CaseInsensitive = true, ...others } = openX;
  const [option] = Object.keys(others);
  if (option !== undefined) throw new Error(`The OpenX deserializer's ${option} is not known here`);
  return { members: CaseInsensitive ? inLowerCase : asWritten, timestamp: lenient };
}

function asWritten(document: Document): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(document));
}

function inLowerCase(document: Document): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(document).map(([name, value]) => [name.toLowerCase(), value]));
}

function sql(value: unknown): Date | undefined {
  return typeof value === 'string' && SQL.test(value) ? dateOf(`${value.replace(' ', 'T')}Z`) : undefined;
}

function lenient(value: unknown): Date | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? new Date(value < MIN_MILLISECONDS ? value * 1000 : value) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (ISO.test(value)) return dateOf(value);
  const [, year, month = '', day = '', time] = LENIENT_SQL.exec(value) ?? [];
  return year === undefined ? undefined : dateOf(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${time}Z`);
}

function dateOf(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
