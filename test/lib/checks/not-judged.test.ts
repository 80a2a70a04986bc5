import { describe, expect, it } from 'vitest';
import { notJudged } from '../../../lib/checks/not-judged';
import { TemplateIndex } from '../../../lib/template/template-index';

const reasons = (template: object) => {
  const index = new TemplateIndex({ Mine: template });
  return notJudged(index, index.resources).map(({ reason, count }) => [reason, count]);
};
const types = (...all: readonly string[]) => ({
  Resources: Object.fromEntries(all.map((Type, index) => [`R${index}`, { Type }])),
});

describe('what was not judged', () => {
  it.each([
    ['what a rule is about', types('AWS::SQS::Queue', 'AWS::CDK::Metadata'), []],
    ['SAM source', types('AWS::Serverless::Function', 'AWS::Serverless::Api'), [['sam-source', 2]]],
    ['nested stacks', types('AWS::CloudFormation::Stack'), [['nested-stack-not-here', 1]]],
    ['custom resources', types('Custom::A', 'AWS::CloudFormation::CustomResource'), [['custom-resource', 2]]],
    ['types that no resource data has', types('AWS::Brand::New', 'Mine::Own::Type::MODULE'), [['type-not-known', 2]]],
    ['types without a rule', types('AWS::Glue::Job'), [['no-rule', 1]]],
    ['loops', { Resources: { 'Fn::ForEach::All': [] } }, [['loop', 1]]],
    ['macros', { Transform: ['Mine', { Name: 'AWS::Include' }, 7, null], ...types() }, [['transform', 4]]],
    ['no macros', { Transform: 'AWS::LanguageExtensions', ...types() }, []],
    ['the transform of SAM', { Transform: 'AWS::Serverless-2016-10-31', ...types() }, []],
  ])('counts %s', (_what, template, expected) => {
    expect(reasons(template)).toEqual(expected);
  });

  it('counts each type, most of them first', () => {
    const index = new TemplateIndex({ Mine: types('AWS::Glue::Job', 'AWS::IoT::Thing', 'AWS::IoT::Thing') });
    expect(notJudged(index, index.resources)[0]?.types).toEqual({ 'AWS::IoT::Thing': 2, 'AWS::Glue::Job': 1 });
  });
});
