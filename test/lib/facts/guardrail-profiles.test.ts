import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, it } from 'vitest';
import { guardrailProfile, isStandardByDefault } from '../../../lib/facts/guardrail-profiles';
import { GEOGRAPHIES, novaProfile, profileParts } from '../../../lib/facts/inference-profiles';

const ALL = RegionInfo.regions.map(({ name }) => name);

it.each([
  ['us-east-1', 'us.guardrail.v1:0', ['us-east-1', 'us-east-2', 'us-west-2']],
  ['us-west-1', 'us.guardrail.v1:0', ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2']],
  ['eu-west-2', 'uk.guardrail.v1:0', ['eu-west-2']],
  ['ap-southeast-2', 'au.guardrail.v1:0', ['ap-southeast-2']],
  ['ca-central-1', 'ca.guardrail.v1:0', ['ca-central-1', 'ca-west-1']],
])('in %s is %s, which judges in %o', (region, id, regions) => {
  expect(guardrailProfile(region)).toEqual({ id, regions });
});

it.each(['sa-east-1', 'eu-central-2', 'ap-northeast-3', 'ap-south-2', 'ca-west-1', 'cn-north-1'])(
  'is none in %s',
  (region) => {
    expect(guardrailProfile(region)).toBeUndefined();
    expect(isStandardByDefault(region)).toBe(false);
  },
);

it('goes no further by default than the default model does', () => {
  // GovCloud has no default model, and its profile stays in it.
  for (const region of ALL.filter((each) => isStandardByDefault(each) && !each.startsWith('us-gov-'))) {
    const prefix = profileParts(novaProfile(region) ?? '')?.prefix ?? '';
    const allowed = [...(GEOGRAPHIES[prefix]?.regions ?? []), region];
    const profile = guardrailProfile(region)?.regions ?? [];
    // In a region without a default model it stays in its own.
    const further =
      prefix === '' ? profile.filter((each) => each !== region) : profile.filter((each) => !allowed.includes(each));
    expect([region, further]).toEqual([region, []]);
  }
});
