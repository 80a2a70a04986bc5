import { describe, expect, it } from 'vitest';
import { repeated } from '../../bench/repeated-template.mjs';
import { STAGE_NAMES } from '../../lib';
import { Inventory } from '../../lib/checks/inventory';
import { findingsIn } from '../../lib/checks/run-rules';
import { main } from '../../lib/operations/command-line';
import type { Terminal } from '../../lib/operations/terminal';
import type { ResourceDocument } from '../../lib/template/template-resource';
import { assemblyOf, stackOf } from '../assemblies';

const PATTERNS = ['EventDriven', 'DataPipeline', 'WebApp', 'GenAiRag'] as const;

interface Counted {
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly rule: string; readonly severity: string }[];
  readonly problems: readonly string[];
}

/** What `groundplan check` says of a pattern. */
async function checked(pattern: (typeof PATTERNS)[number], stage: (typeof STAGE_NAMES)[number]) {
  const out: string[] = [];
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: () => undefined,
    interactive: false,
    ask: async () => '',
    sleep: async () => undefined,
    now: () => Date.parse('2026-12-01'),
    onInterrupt: () => () => undefined,
  };
  const code = await main(['check', await assemblyOf(pattern, { stage }), '--format', 'json'], terminal);
  return { code, report: JSON.parse(out.join('')) as Counted };
}

/** What development does without on purpose: what costs money while idle, and what only a shop with users needs. */
const WITHOUT_IN_DEV: Readonly<Record<(typeof PATTERNS)[number], readonly string[]>> = {
  EventDriven: [
    'cw-log-metric-filter',
    'ddb-partition-limit-visible',
    'eb-target-dlq',
    'lambda-concurrency-alarm',
    'lambda-provisioned-concurrency-user-facing',
    'sns-subscription-dlq',
  ],
  DataPipeline: [
    'cw-log-metric-filter',
    'ddb-partition-limit-visible',
    'lambda-concurrency-alarm',
    'lambda-provisioned-concurrency-user-facing',
  ],
  WebApp: [
    'aurora-reader-second-az',
    'aurora-serverless-bounds',
    'cw-log-metric-filter',
    'eb-target-dlq',
    'lambda-concurrency-alarm',
    'lambda-provisioned-concurrency-user-facing',
    'rds-proxy-for-many-clients',
    'vpc-three-azs',
  ],
  GenAiRag: [
    'cw-log-metric-filter',
    'ddb-partition-limit-visible',
    'eb-target-dlq',
    'lambda-concurrency-alarm',
    'lambda-provisioned-concurrency-user-facing',
    'waf-on-cloudfront',
  ],
};

describe.each(PATTERNS)('groundplan check of %s', (pattern) => {
  it.each(STAGE_NAMES)('finds no error in %s, and no more than development does without', async (stage) => {
    const { code, report } = await checked(pattern, stage);
    expect([code, report.counts['error'], report.problems]).toEqual([0, 0, []]);
    const rules = [...new Set(report.findings.map(({ rule }) => rule))].sort();
    expect(rules).toEqual(stage === 'dev' ? WITHOUT_IN_DEV[pattern] : []);
  });
});

/** Counts what rules look at. */
class CountingInventory extends Inventory {
  looks = 0;
  override ofType(...types: readonly string[]) {
    const found = super.ofType(...types);
    this.looks += found.length;
    return found;
  }
  override ofStack(stack: string) {
    const found = super.ofStack(stack);
    this.looks += found.length;
    return found;
  }
  override referent(from: { readonly stack: string }, value: unknown) {
    this.looks += 1;
    return super.referent(from, value);
  }
}

it.each(PATTERNS)('the rules look at a resource of %s a few times, however many there are', async (pattern) => {
  const { template } = await stackOf(pattern);
  const looks = (count: number) => {
    const { Resources = {} } = template as { readonly Resources?: Readonly<Record<string, ResourceDocument>> };
    const inventory = new CountingInventory({ Mine: repeated({ Resources }, count) });
    findingsIn(inventory);
    return inventory.looks;
  };
  // With a scan for each resource it grows with their number: it was 15 looks at 500 resources, and 56 at 2,000.
  for (const count of [1000, 2000, 4000]) expect(looks(count) / count, `${count}`).toBeLessThan(30);
});
