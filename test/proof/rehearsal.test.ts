import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
import { rehearse } from '../../lib/lifecycle/rehearsal';
import type { TemplateSet } from '../../lib/template/read-templates';
import { RefusedValueError } from '../../lib/validation/refuse';
import { OPTION_SETS, synthesizedWith } from './option-sets';

/** What a person would see first: faults, and what cannot be told. */
function trouble({ templates, ...set }: TemplateSet, from?: TemplateSet): readonly string[] {
  return rehearse(templates, { ...set, ...(from !== undefined && { from: from.templates }) })
    .filter(({ weight }) => weight !== 'notice')
    .map(({ phase, check, resources, reason }) => `${phase} ${check}: ${resources[0]?.path}: ${reason}`);
}

/** Where people deploy besides: what a region changes in the templates is seen there, too. */
const REGIONS = ['us-west-2', 'eu-central-1', 'ap-northeast-1', 'ap-southeast-1'];

it.each(REGIONS)('every pattern lives through the same in %s', async (region) => {
  const set = await synthesizedWith({ region, compute: 'fargate' }, { kept: true });
  expect(trouble(set, set)).toEqual([]);
});

describe.each(STAGE_NAMES)('every pattern in %s', (stage) => {
  it.each(Object.values(OPTION_SETS))(
    'lives through a retry, a copy, the same update and a deletion: %o',
    async (options) => {
      const set = await synthesizedWith({ ...options, stage });
      expect(Object.keys(set.templates).length).toBeGreaterThanOrEqual(6);
      expect(trouble(set, set)).toEqual([]);
    },
  );

  it('keeps nothing warm in an account with a concurrency of 10, or says once what to ask for', async () => {
    const made = synthesizedWith({ stage, region: 'eu-west-1', accountConcurrency: '10' });
    if (stage === 'prod') {
      await expect(made).rejects.toThrow(RefusedValueError);
      await expect(made).rejects.toThrow(/aws service-quotas request-service-quota-increase/);
      return;
    }
    const { templates } = await made;
    const text = JSON.stringify(templates);
    expect(text).not.toContain('ProvisionedConcurren');
    expect(text).not.toContain('ReservedConcurrentExecutions');
  });
});

it('two copies stand side by side, and two stages', async () => {
  const context = { region: 'eu-west-1' };
  const [one, two, staging] = await Promise.all([
    synthesizedWith(context),
    synthesizedWith({ ...context, name: 'two' }),
    synthesizedWith({ ...context, stage: 'staging' }),
  ]);
  const names = [one, two, staging].flatMap(({ stackNames }) => [...stackNames.keys()]);
  expect(new Set(names).size).toBe(names.length);
  for (const set of [one, two, staging]) expect(trouble(set)).toEqual([]);
});
