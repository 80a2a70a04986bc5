import { expect, it } from 'vitest';
import { REGIONS_WITH_GAPS, ZONE_GAPS, zonePrefix, zonesWithoutGaps } from '../../../lib/facts/zones';

it.each([
  ['us-east-1', 'use1'],
  ['us-gov-west-1', 'usgw1'],
  ['eu-central-2', 'euc2'],
  ['ap-southeast-3', 'apse3'],
  ['ap-northeast-1', 'apne1'],
  ['ap-south-1', 'aps1'],
  ['eu-north-1', 'eun1'],
  ['cn-northwest-1', 'cnnw1'],
  ['il-central-1', 'ilc1'],
  ['eusc-de-east-1', undefined],
])('ids of zones in %s begin with %s', (region, prefix) => {
  expect(zonePrefix(region)).toBe(prefix);
});

it('names, in each region of a zone with gaps, at least two others', () => {
  for (const zone of Object.keys(ZONE_GAPS)) {
    const region = REGIONS_WITH_GAPS.find((each) => zone.startsWith(`${zonePrefix(each)}-`));
    const others = zonesWithoutGaps(region ?? '');
    expect(others?.length).toBeGreaterThanOrEqual(2);
    expect(others).not.toContain(zone);
    for (const other of others ?? []) expect(other.startsWith(`${zonePrefix(region ?? '')}-`)).toBe(true);
  }
  expect(zonesWithoutGaps('eu-west-1')).toBeUndefined();
});
