import { describe, expect, it } from 'vitest';
import { type DeserializerProperties, jsonDeserializer } from '../../../local/lake/json-deserializer';

const HIVE = { HiveJsonSerDe: {} };
const OPENX = { OpenXJsonSerDe: {} };
const AT = '2017-02-07T15:13:01.000Z';

describe('a deserializer of Firehose', () => {
  it.each<[string, DeserializerProperties, unknown, string | undefined]>([
    ['Hive takes a time of SQL', HIVE, '2017-02-07 15:13:01', AT],
    ['Hive takes no ISO 8601', HIVE, '2017-02-07T15:13:01Z', undefined],
    ['Hive takes no number', HIVE, 1486480381, undefined],
    ['OpenX takes ISO 8601 in UTC', OPENX, '2017-02-07T15:13:01Z', AT],
    ['OpenX takes a fraction of nine digits', OPENX, '2017-02-07T15:13:01.000000000Z', AT],
    ['OpenX takes no fraction of ten', OPENX, '2017-02-07T15:13:01.0000000000Z', undefined],
    ['OpenX takes no other zone', OPENX, '2017-02-07T15:13:01+01:00', undefined],
    ['OpenX takes no ISO 8601 without a zone', OPENX, '2017-02-07T15:13:01', undefined],
    ['OpenX takes a time of SQL', OPENX, '2017-02-07 15:13:01', AT],
    ['OpenX takes months and days of one digit there', OPENX, '2017-2-7 15:13:01', AT],
    ['OpenX takes no such month in ISO 8601', OPENX, '2017-2-7T15:13:01Z', undefined],
    ['OpenX takes seconds', OPENX, 1486480381, AT],
    ['OpenX takes milliseconds', OPENX, 1486480381000, AT],
    ['OpenX takes no words', OPENX, 'yesterday', undefined],
    ['OpenX takes no month 13', OPENX, '2017-13-07T15:13:01Z', undefined],
    ['OpenX takes no list', OPENX, [], undefined],
  ])('%s', (_, properties, value, expected) => {
    expect(jsonDeserializer(properties).timestamp(value)?.toISOString()).toBe(expected);
  });

  it('finds members in lower case with OpenX, unless told otherwise, and as they are with Hive', () => {
    const keys = (properties: DeserializerProperties) => [
      ...jsonDeserializer(properties).members({ Page: '/' }).keys(),
    ];
    expect(keys(OPENX)).toEqual(['page']);
    expect(keys({ OpenXJsonSerDe: { CaseInsensitive: false } })).toEqual(['Page']);
    expect(keys(HIVE)).toEqual(['Page']);
  });

  it('finds no member that a document does not have', () => {
    expect(jsonDeserializer(OPENX).members({}).get('constructor')).toBeUndefined();
    expect(jsonDeserializer(OPENX).members(JSON.parse('{"__proto__":"x"}')).get('__proto__')).toBe('x');
  });

  it.each<[string, DeserializerProperties | undefined]>([
    ['none', undefined],
    ['two', { ...HIVE, ...OPENX }],
    ['formats of Hive', { HiveJsonSerDe: { TimestampFormats: ['millis'] } }],
    ['names of OpenX', { OpenXJsonSerDe: { ColumnToJsonKeyMappings: { a: 'b' } } as object }],
  ])('is refused by name: %s', (_, properties) => {
    expect(() => jsonDeserializer(properties)).toThrow(/not known here|must be given/);
  });
});
