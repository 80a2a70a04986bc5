import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json';
import { currentWith, KEPT, releasedWith, releases } from './released-templates';
import { brokenBy, replacesIn, type Stacks } from './upgrade-contract';

const ANNOUNCED = replacesIn(readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8'));

it('has the templates of the version that people have', () => {
  expect(releases()).toContain(packageJson.version);
});

describe.each(releases())('an upgrade from %s', (version) => {
  it.each(KEPT.map((options, index) => ({ index, options })))(
    'replaces no data and no name that the changelog does not announce: $options',
    async ({ index, options }) => {
      const released = releasedWith(version, index);
      expect(released.options).toEqual(options);
      expect(Object.keys(released.set.templates).length).toBeGreaterThanOrEqual(6);
      expect(brokenBy(released.set, await currentWith(options), ANNOUNCED)).toEqual([]);
    },
  );
});

it('is broken by each table and bucket of the patterns that gets another logical id', () => {
  const { set } = releasedWith(packageJson.version, KEPT.length - 1);
  const kept = Object.entries(set.templates).flatMap(([stack, { Resources = {} }]) =>
    Object.entries(Resources).flatMap(([logicalId, resource]) => {
      const { Type } = resource as { readonly Type: string };
      return ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool'].includes(Type)
        ? [{ stack, logicalId }]
        : [];
    }),
  );
  expect(kept.length).toBeGreaterThan(10);
  for (const { stack, logicalId } of kept) {
    const { [logicalId]: renamed, ...others } = set.templates[stack]?.Resources ?? {};
    const Resources = { ...others, [`${logicalId}Renamed`]: renamed ?? {} };
    const to = { ...set, templates: { ...set.templates, [stack]: { ...set.templates[stack], Resources } } };
    const broken = brokenBy(set, to as Stacks, ANNOUNCED).flatMap(({ resources }) => resources);
    expect(broken).toContain(`${stack}/${logicalId}`);
  }
});

describe('the upgrade contract', () => {
  const table = (logicalId: string, properties: object = {}) => ({
    templates: {
      Shop: {
        Resources: {
          [logicalId]: {
            Type: 'AWS::DynamoDB::Table',
            DeletionPolicy: 'Retain',
            UpdateReplacePolicy: 'Retain',
            Properties: { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], ...properties },
          },
        },
      },
    },
    stackNames: new Map([['Shop', 'Shop']]),
    nested: new Map(),
  });
  const NONE = new Set<string>();

  it('is broken by a table of another logical id, which begins empty', () => {
    expect(brokenBy(table('Orders'), table('OrderTable'), NONE)).toMatchObject([
      { check: 'data-removed', resources: ['Shop/Orders'] },
    ]);
  });

  it('is broken by a key that makes a new table', () => {
    const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
    expect(brokenBy(table('Orders'), table('Orders', { KeySchema }), NONE)).toMatchObject([
      { check: 'data-replaced', resources: ['Shop/Orders'] },
    ]);
  });

  it('is kept by what is announced, and by what changes in place', () => {
    expect(brokenBy(table('Orders'), table('OrderTable'), new Set(['Orders']))).toEqual([]);
    expect(brokenBy(table('Orders'), table('Orders', { BillingMode: 'PAY_PER_REQUEST' }), NONE)).toEqual([]);
  });

  it('reads the sections of the changelog that announce', () => {
    const changelog = [
      '## 0.3.0',
      '### Replaces',
      '- `OrdersTable1A2B` begins empty: copy it first.',
      '### Fixed',
      '- `NotThis`',
      '## 0.2.0',
      '### Replaces',
      '- `Bus9` and `Queue8`',
    ].join('\n');
    expect([...replacesIn(changelog)]).toEqual(['OrdersTable1A2B', 'Bus9', 'Queue8']);
    expect(replacesIn('## 0.1.0\n').size).toBe(0);
  });
});
