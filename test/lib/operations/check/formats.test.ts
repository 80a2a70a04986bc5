// @project unit
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reportAsJunit } from '../../../../lib/operations/check/junit';
import { reportAsMarkdown } from '../../../../lib/operations/check/markdown';
import type { Report } from '../../../../lib/operations/check/report';
import { reportAsSarif } from '../../../../lib/operations/check/sarif';
import { reportAsText } from '../../../../lib/operations/check/text';
import schema from '../../../fixtures/sarif-2.1.0.json';
import { useCheck } from './check-fixture';

const check = useCheck();
/** What a relative or absolute URI is made of (RFC 3986, 2): zod takes this format of the schema for an absolute one. */
const REFERENCE = { pattern: "^([A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=]|%[0-9A-F]{2})*$" };
/** OASIS's schema, as the npm package @microsoft/jest-sarif 1.0.0-beta.0 has it. */
const SARIF = z.fromJSONSchema(
  JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const { format, ...rest } = (typeof value === 'object' && value !== null ? value : {}) as {
      readonly format?: unknown;
    };
    return format === 'uri-reference' ? { ...rest, ...REFERENCE } : value;
  }) as Parameters<typeof z.fromJSONSchema>[0],
);

/** No character of XML. */
const CONTROL = String.fromCharCode(1);
const place = (path: string, more: object = {}) => ({
  stack: 'Shop',
  logicalId: path,
  path,
  type: 'AWS::SQS::Queue',
  fingerprint: 'f',
  ...more,
});
/** A report with something of everything. */
const REPORT: Report = {
  findings: [
    {
      rule: 'sqs-dlq-required',
      title: 'A queue has dead letters',
      why: 'Or else.',
      fix: 'Set "RedrivePolicy".',
      severity: 'error',
      profile: 'correctness',
      tier: 1,
      address: 'https://docs.aws.amazon.com/sqs',
      cause: `no <dead> & | \`letter\`${CONTROL}`,
      when: ['Stage is dev', 'Stage is qa'],
      places: [place('Shop/Jobs/Resource', { file: 'a folder/shop.yaml', line: 7 }), place('Other')],
    },
    {
      rule: 'rule-failed',
      title: 'A rule failed',
      why: 'It met something.',
      fix: 'Report it.',
      severity: 'warning',
      profile: 'security',
      tier: 2,
      cause: 'x is undefined',
      when: [],
      places: Array.from({ length: 10 }, (_, index) => place(`Q${index}`, { file: 'shop.yaml' })),
    },
  ],
  untold: [{ rule: 'kms-rotation', why: 'known only at deployment', places: [place('Key'), place('Key2')] }],
  acknowledged: [
    {
      rule: 'tls-everywhere',
      cause: 'no TLS',
      reason: 'inside',
      until: '2027-01-31',
      place: place('Topic', { file: 'shop.yaml', line: 1 }),
    },
  ],
  baselined: 3,
  notJudged: [
    { reason: 'no-rule', why: 'no rule is about these types', count: 3, types: { 'A::B::C': 2, 'D::E::F': 1 } },
  ],
  problems: ['b.yaml is no CloudFormation template: it is no YAML'],
  passedOver: ['package.json'],
  judged: { resources: 12, stacks: 1, rules: 141 },
};
const EMPTY: Report = {
  findings: [],
  untold: [],
  acknowledged: [],
  baselined: 0,
  notJudged: [],
  problems: [],
  passedOver: [],
  judged: { resources: 0, stacks: 0, rules: 1 },
};

describe('SARIF', () => {
  it.each([
    ['everything', REPORT],
    ['nothing', EMPTY],
  ])('of %s is what its schema takes', (_what, report) => {
    const log: unknown = JSON.parse(reportAsSarif(report, '1.2.3'));
    expect(SARIF.safeParse(log).error?.issues ?? []).toEqual([]);
  });

  it('is refused by the schema when it is wrong', () => {
    const wrong = reportAsSarif(REPORT, '1.2.3').replaceAll('"startLine": 7', '"startLine": 0');
    expect(SARIF.safeParse(JSON.parse(wrong)).success).toBe(false);
    const spaced = reportAsSarif(REPORT, '1.2.3').replaceAll('a%20folder', 'a folder');
    expect(SARIF.safeParse(JSON.parse(spaced)).success).toBe(false);
  });

  it('has a result for each resource, with its place, and what is acknowledged as suppressed', async () => {
    const file = check.file('shop.yaml', 'Resources:\n  Jobs: {Type: AWS::SQS::Queue}');
    const { code, out } = await check.run(file, '--format', 'sarif', '--only', 'sqs-dlq-required');
    const log = JSON.parse(out) as { runs: [{ results: unknown[]; tool: { driver: { semanticVersion: string } } }] };
    expect([code, SARIF.safeParse(log).success]).toEqual([1, true]);
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(log.runs[0].tool.driver.semanticVersion).toBe(version);
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: 'sqs-dlq-required',
        level: 'error',
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'shop.yaml' }, region: { startLine: 2 } },
            logicalLocations: [{ fullyQualifiedName: 'shop/Jobs' }],
          },
        ],
        partialFingerprints: { 'groundplan/v1': expect.stringMatching(/^[0-9a-f]{20}$/) },
      },
    ]);
    const [, second] = (JSON.parse(reportAsSarif(REPORT, '1')) as typeof log).runs[0].results;
    expect(second).toMatchObject({ locations: [{ logicalLocations: [{ fullyQualifiedName: 'Shop/Other' }] }] });
    expect(reportAsSarif(REPORT, '1')).toContain('"justification": "inside"');
    expect(reportAsSarif(REPORT, '1')).toContain('a%20folder/shop.yaml');
  });
});

describe('JUnit', () => {
  it('fails from the bar on, skips what cannot be told, and has an error for what cannot be read', () => {
    const text = reportAsJunit(REPORT, 'error');
    expect(text).toContain('tests="15" failures="2" errors="1" skipped="2"');
    expect(text).toContain('message="A queue has dead letters. Here: no &lt;dead&gt; &amp; | `letter`"');
    expect(reportAsJunit(REPORT, 'warning')).toContain('failures="12"');
    expect(text.match(/<testcase /g)).toHaveLength(15);
    expect(text.match(/<\/testcase>/g)).toHaveLength(15);
    // Characters that XML does not have, and quotes within attributes.
    expect(text).not.toContain(CONTROL);
    expect(text).not.toMatch(/="[^"]*"[^ />?]/);
  });

  it('has one case where nothing is found', () => {
    expect(reportAsJunit(EMPTY, 'error')).toContain('tests="1" failures="0" errors="0" skipped="0"');
  });
});

describe('Markdown', () => {
  it('has a row for each cause, and folds the rest', () => {
    const text = reportAsMarkdown(REPORT);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(3);
    expect(rows[1]).toBe(
      '| error | [`sqs-dlq-required`](https://docs.aws.amazon.com/sqs) | A queue has dead letters. Here: no \\<dead\\> & \\| \\`letter\\`\u0001, when Stage is dev, or Stage is qa. Fix: Set "RedrivePolicy". | `a folder/shop.yaml:7  Shop/Jobs/Resource`<br>`Shop: Other` |',
    );
    expect(rows[2]).toContain('`shop.yaml  Q4`<br>and 5 more |');
    expect(text.match(/<details>/g)).toHaveLength(3);
    expect(reportAsMarkdown(EMPTY).split('\n')).toHaveLength(1);
  });
});

describe('text', () => {
  it('has the worst first, with its places, and then what nothing is said of', () => {
    const lines = reportAsText(REPORT).split('\n');
    const titles = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(':')[0]);
    expect(titles).toEqual([
      'CANNOT READ  b.yaml is no CloudFormation template',
      'ERROR  sqs-dlq-required',
      'WARNING  rule-failed',
      'CANNOT TELL',
      'ACKNOWLEDGED',
      'NOT JUDGED',
    ]);
    expect(lines).toContain('    a folder/shop.yaml:7  Shop/Jobs/Resource (AWS::SQS::Queue)');
    expect(lines).toContain('    Shop: Other (AWS::SQS::Queue)');
    expect(lines).toContain('    and 2 more');
    expect(lines).toContain('  kms-rotation: Key and 1 more: known only at deployment');
    expect(lines).toContain('  3: no rule is about these types: 2 A::B::C, D::E::F');
    expect(lines).toContain('  1 file of the folders: no template: package.json');
    expect(lines.at(-1)).toBe(
      '1 error, 1 warning, 0 advice, 1 undecided, 1 acknowledged, 3 in the baseline, 1 not read. 12 resources of 1 stack, judged by 141 rules.',
    );
    expect(reportAsText(EMPTY)).toBe('0 errors, 0 warnings, 0 advice. 0 resources of 0 stacks, judged by 1 rule.');
  });
});
