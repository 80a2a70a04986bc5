import { describe, expect, it } from 'vitest';
import { rehearseSecondCopy } from '../../../lib/lifecycle/second-copy';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { TemplateDocument } from '../../../lib/template/template-resource';
import { att, join, placeholders, ref } from '../checks/literal-fixture';
import { byCheck, either, indexOf, NO_VALUE, type Resources, resource } from './rehearsal-fixture';

const checks = (resources: Resources) => byCheck(rehearseSecondCopy(indexOf(resources)));
const bus = (Name: unknown) => resource('AWS::Events::EventBus', { Name });

describe('the name of a resource in a second copy (K2)', () => {
  it.each([
    ['fixed', 'shop', { 'second-copy-collides': ['It'] }],
    ['of the region', join('shop-', ref('AWS::Region')), { 'second-copy-collides': ['It'] }],
    ['of the stack', join('shop-', ref('AWS::StackName')), {}],
    ['of the stack by Fn::Sub', { 'Fn::Sub': placeholders('shop-#{AWS::StackName}') }, {}],
    ["of the stack's id", { 'Fn::Select': [2, { 'Fn::Split': ['/', ref('AWS::StackId')] }] }, {}],
    [
      "the fixed part of the stack's id",
      { 'Fn::Select': [0, { 'Fn::Split': ['/', ref('AWS::StackId')] }] },
      { 'second-copy-collides': ['It'] },
    ],
    ['of a parameter', { 'Fn::Sub': placeholders('shop-#{Stage}') }, { 'cannot-tell-copy': ['It'] }],
    ['of a condition', either('a', NO_VALUE), { 'cannot-tell-copy': ['It'] }],
    ['of two fixed branches', either('a', 'b'), { 'second-copy-collides': ['It'] }],
    ['of an import', { 'Fn::ImportValue': 'a' }, { 'cannot-tell-copy': ['It'] }],
    ['left out', NO_VALUE, {}],
  ])('%s', (_, name, expected) => {
    expect(checks({ It: bus(name) })).toEqual(expected);
  });

  it('that is made of another name is no cause of its own', () => {
    const all = (BucketName: string | undefined, Name: unknown): Resources => ({
      Bucket: resource('AWS::S3::Bucket', BucketName === undefined ? {} : { BucketName }),
      Policy: resource('AWS::S3::BucketPolicy', { Bucket: ref('Bucket') }),
      Parameter: resource('AWS::SSM::Parameter', { Name }),
    });
    expect(checks(all('shop', join('/x/', ref('Bucket'))))).toEqual({ 'second-copy-collides': ['Bucket'] });
    expect(checks(all('shop', '/x'))).toEqual({ 'second-copy-collides': ['Bucket', 'Parameter'] });
    expect(checks(all(undefined, '/x'))).toEqual({ 'second-copy-collides': ['Parameter'] });
    expect(checks(all(undefined, join('/x/', ref('Bucket'))))).toEqual({});
  });

  it('is not judged of a type that has none, and of one that is not known', () => {
    expect(
      checks({
        A: resource('AWS::ApiGateway::UsagePlan', { UsagePlanName: 'x' }),
        B: resource('Custom::X', { Name: 'x' }),
      }),
    ).toEqual({});
  });

  it('is told of one, and of several', () => {
    const reason = (resources: Resources) => rehearseSecondCopy(indexOf(resources)).map((each) => each.reason);
    expect(reason({ A: bus('a') })[0]).toMatch(/^Its name is the same in each copy/);
    expect(reason({ A: bus('a'), B: bus('b') })[0]).toMatch(/^Their names are the same in each copy/);
    expect(reason({ A: bus(ref('X')) })[0]).toMatch(/^Its name comes from a parameter, a condition or another stack/);
    expect(reason({ A: bus(ref('X')), B: bus(ref('Y')) })[0]).toMatch(/^Their names come from /);
  });
});

describe('the exports of a second copy', () => {
  const exporting = (Name: unknown, Value: unknown = att('Queue')): TemplateDocument => ({
    Resources: { Queue: resource('AWS::SQS::Queue') },
    Outputs: { Out: { Value, Export: { Name } } },
  });
  const of = (document: TemplateDocument, stackNames = new Map<string, string>()) =>
    byCheck(rehearseSecondCopy(new TemplateIndex({ Shop: document }, { stackNames })));

  it.each([
    ['a fixed name', 'queue', { 'second-copy-exports': ['Queue'] }],
    ['the name of another stack', 'Other:queue', { 'second-copy-exports': ['Queue'] }],
    ['the name that the CDK gives', 'Shop:ExportsOutputQueue', {}],
    ['the stack name', { 'Fn::Sub': placeholders('#{AWS::StackName}-queue') }, {}],
    ['a parameter', ref('Name'), { 'second-copy-exports': ['Queue'] }],
  ])('by %s', (_, name, expected) => {
    expect(of(exporting(name))).toEqual(expected);
  });

  it('by a parameter cannot be told', () => {
    const weights = rehearseSecondCopy(new TemplateIndex({ Shop: exporting(ref('Name')) })).map(({ weight }) => weight);
    expect(weights).toEqual(['cannot-tell']);
  });

  it('by the name that CloudFormation has for the stack are of the stack', () => {
    expect(of(exporting('prod-shop:queue'), new Map([['prod-shop', 'Shop']]))).toEqual({});
    expect(of(exporting('prod-shop:queue'))).toEqual({ 'second-copy-exports': ['Queue'] });
  });

  it('that name no resource, or are broken, are told all the same', () => {
    expect(of(exporting('queue', 'text'))).toEqual({ 'second-copy-exports': [] });
    const Outputs = { None: { Value: 1 }, Empty: {}, Export: { Value: 1, Export: {} } };
    expect(of({ Resources: {}, Outputs })).toEqual({});
  });
});
