import { describe, expect, it } from 'vitest';
import { rehearseUnjudged } from '../../../lib/lifecycle/unjudged';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { TemplateDocument } from '../../../lib/template/template-resource';
import { byCheck, indexOf, resource } from './rehearsal-fixture';

const Queue = resource('AWS::SQS::Queue');

describe('what a rehearsal passes over', () => {
  const ofTransform = (Transform: unknown) =>
    rehearseUnjudged(indexOf({ Queue, Fn: resource('AWS::Serverless::Function') }, { Transform }));

  it.each([
    [undefined, []],
    ['AWS::LanguageExtensions', []],
    [['AWS::LanguageExtensions'], []],
    ['AWS::Serverless-2016-10-31', ['AWS::Serverless-2016-10-31 changes Shop before it is deployed']],
    [['AWS::LanguageExtensions', 'Mine'], ['Mine changes Shop before it is deployed']],
    [{ Name: 'AWS::Include', Parameters: {} }, ['AWS::Include changes Shop before it is deployed']],
    [['One', 'Two'], ['One, Two change Shop before it is deployed']],
    [[null], ['undefined changes Shop before it is deployed']],
  ])('is what the transform %j makes', (transform, says) => {
    const found = ofTransform(transform);
    expect(found.map(({ reason, weight }) => [reason.split(':').slice(0, -1).join(':'), weight])).toEqual(
      says.map((text) => [text, 'cannot-tell']),
    );
    expect(found.flatMap(({ resources }) => resources.map(({ logicalId }) => logicalId))).toEqual(says.map(() => 'Fn'));
  });

  it('is what a loop makes', () => {
    const Resources = {
      Queue,
      'Fn::ForEach::Topics': ['T', ['a', 'b'], {}],
    } as unknown as TemplateDocument['Resources'];
    const [found, ...more] = rehearseUnjudged(new TemplateIndex({ Shop: { ...(Resources ? { Resources } : {}) } }));
    expect([found?.reason, more]).toEqual([
      'CloudFormation makes the resources of Fn::ForEach::Topics in Shop: they were not judged',
      [],
    ]);
  });

  it.each([
    ['AWS::New::Thing', ['It']],
    ['Other::Vendor::Thing', ['It']],
    ['Our::Own::Part::MODULE', ['It']],
    ['constructor', ['It']],
    ['AWS::SQS::Queue', undefined],
    ['Custom::Thing', undefined],
    ['AWS::CloudFormation::CustomResource', undefined],
    ['AWS::CDK::Metadata', undefined],
  ])('is a type that the resource data does not have: %s', (type, at) => {
    expect(byCheck(rehearseUnjudged(indexOf({ It: resource(type) })))['type-not-known']).toEqual(at);
  });

  it('is a nested stack whose template is not here', () => {
    const Nested = resource('AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/t.json' });
    const templates = { Shop: { Resources: { Nested } }, 'Shop/Nested': { Resources: { Queue } } };
    const nested = new Map([['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]]);
    expect(byCheck(rehearseUnjudged(new TemplateIndex(templates)))).toEqual({ 'nested-stack-not-here': ['Nested'] });
    expect(byCheck(rehearseUnjudged(new TemplateIndex(templates, { nested })))).toEqual({});
  });
});
