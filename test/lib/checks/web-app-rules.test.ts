import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, RULES } from '../../../lib/checks';

/** Rows that no template shows: handlers and builds are tested for them. */
const WITHOUT_RULE = [
  'apigw-payload-10mb',
  'cache-aside',
  'cache-failover-retry',
  'cache-is-not-the-database',
  'cache-stampede-protection',
  'cdk-default-rules-as-errors',
  'iac-env-profiles',
  'lambda-sync-payload-6mb',
  'rds-replica-lag-handled',
  's3-concurrent-writers',
  's3-multipart-over-100mb',
  's3-presign-expiry-5-15-min',
];

describe('each tier 1 and 2 row that touches the web app', () => {
  const rows = CATALOGUE.filter(({ patterns, tier }) => patterns.includes('web-app') && tier !== 3);
  const rules = new Set<string>(RULES.map(({ id }) => id));

  it('has a rule, if a template can show it', () => {
    expect(rows).toHaveLength(96);
    expect(rows.flatMap(({ id }) => (rules.has(id) ? [] : [id])).sort()).toEqual(WITHOUT_RULE);
  });

  it('has a table in which its rule objects, unless another pattern proves it', () => {
    const files = readdirSync(__dirname).filter((file) => file.endsWith('.ts'));
    const tests = files.map((file) => readFileSync(join(__dirname, file), 'utf8'));
    const alone = rows.filter(
      ({ id, patterns }) => rules.has(id) && !patterns.includes('event-driven') && !patterns.includes('data-pipeline'),
    );
    expect(alone.length).toBeGreaterThan(40);
    const missing = alone.filter(({ id }) => !tests.some((text) => text.includes(`table('${id}', `)));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
