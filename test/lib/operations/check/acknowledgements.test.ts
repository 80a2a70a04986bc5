// @project unit
import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '../../../../lib/operations/check/acknowledgements';
import { TemplateIndex } from '../../../../lib/template/template-index';
import { queue, TODAY, template, useCheck } from './check-fixture';

const check = useCheck();
const acknowledging = (acknowledge: unknown) => ({ Metadata: { groundplan: { acknowledge } } });
const shop = (acknowledge: unknown) => template({ Jobs: queue({}, acknowledging(acknowledge)) });
const ID = 'sqs-dlq-required';

describe('an acknowledgement', () => {
  it.each([
    ['a reason', { reason: 'meant' }],
    ['a reason, until today', { reason: 'meant', until: TODAY }],
    ['a reason, until tomorrow', { reason: 'meant', until: '2027-01-01' }],
  ])('counts with %s', async (_what, entry) => {
    const { code, report, places } = await check.json(check.file('shop.json', shop({ [ID]: entry })), '--only', ID);
    expect([code, places]).toEqual([0, []]);
    expect(report.acknowledged).toMatchObject([{ rule: ID, ...entry }]);
  });

  it.each([
    ['no reason', ID, {}, `${ID} is acknowledged without a reason`],
    ['an empty reason', ID, { reason: ' ' }, `${ID} is acknowledged without a reason`],
    ['nothing', ID, null, `${ID} is acknowledged without a reason`],
    ['a day that is over', ID, { reason: 'x', until: '2026-12-30' }, `${ID} was acknowledged until 2026-12-30`],
    [
      'no day',
      ID,
      { reason: 'x', until: 'soon' },
      `${ID} is acknowledged until "soon"; allowed: a day such as 2027-01-31`,
    ],
    [
      'a day that is none',
      ID,
      { reason: 'x', until: '2027-02-30' },
      `${ID} is acknowledged until "2027-02-30"; allowed: a day such as 2027-01-31`,
    ],
    [
      'another value',
      ID,
      { reason: 'x', until: 7 },
      `${ID} is acknowledged until 7; allowed: a day such as 2027-01-31`,
    ],
    [
      'no rule',
      'sqs-dlq',
      { reason: 'x' },
      'sqs-dlq is acknowledged, and is no rule; groundplan check --list prints all of them',
    ],
    [
      'what objects inherit',
      'constructor',
      { reason: 'x' },
      'constructor is acknowledged, and is no rule; groundplan check --list prints all of them',
    ],
  ])('is a finding with %s, beside what it would hide', async (_what, id, entry, cause) => {
    const { report } = await check.json(check.file('shop.json', shop({ [id]: entry })), '--only', ID);
    expect(report.findings.map((each) => [each.rule, each.severity, each.cause])).toEqual([
      [ID, 'error', 'no dead-letter queue'],
      ['acknowledgement', 'warning', cause],
    ]);
  });

  it.each([7, 'x', null, [1]])('of %j is none', async (acknowledge) => {
    const { places } = await check.json(check.file('shop.json', shop(acknowledge)), '--only', ID);
    expect(places[0]).toBe(`${ID} Jobs`);
  });

  it('of a template counts for all that is in it, and a fault of it is told once', async () => {
    const file = check.file(
      'shop.json',
      template({ A: queue(), B: queue() }, acknowledging({ [ID]: { reason: 'meant' }, odd: {} })),
    );
    const { report, places } = await check.json(file, '--only', ID);
    expect([report.acknowledged.length, places]).toEqual([2, ['acknowledgement A']]);
  });
});

it('has one line in the text, with its day', async () => {
  const { out } = await check.run(
    check.file('shop.json', shop({ [ID]: { reason: 'meant', until: TODAY } })),
    '--only',
    ID,
  );
  expect(out).toContain(`ACKNOWLEDGED\n  ${ID} at shop.json:3  Jobs: meant (until ${TODAY})`);
});

it('finds none where there is none', () => {
  const index = new TemplateIndex({ Shop: { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } } });
  const acknowledgements = new Acknowledgements(index, TODAY);
  expect(index.resources.map((each) => acknowledgements.of(each, ID))).toEqual([undefined]);
  expect(acknowledgements.problems(index.resources)).toEqual([]);
});
