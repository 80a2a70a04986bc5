import { describe, expect, it } from 'vitest';
import { givenName, originOf } from '../../../lib/lifecycle/name-origin';
import { TemplateIndex } from '../../../lib/template/template-index';
import { att, join, placeholders, ref } from '../checks/literal-fixture';
import { either, indexOf, NO_VALUE, resource } from './rehearsal-fixture';

const STACK_ID = ref('AWS::StackId');
const part = (at: number | string, separator: string, of: unknown) => ({
  'Fn::Select': [at, { 'Fn::Split': [separator, of] }],
});

const index = indexOf({
  Named: resource('AWS::S3::Bucket', { BucketName: 'shop' }),
  OfStack: resource('AWS::S3::Bucket', { BucketName: join(ref('AWS::StackName'), '-b') }),
  Unnamed: resource('AWS::S3::Bucket'),
  ByParameter: resource('AWS::S3::Bucket', { BucketName: ref('Stage') }),
  Custom: resource('Custom::Name', { Name: 'x' }),
  Own: resource('AWS::CloudFormation::CustomResource', { ServiceToken: 'x' }),
  New: resource('AWS::New::Thing', { Name: 'x' }),
  Parameter: resource('AWS::SSM::Parameter', { Value: 'always' }),
  Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Round: resource('AWS::S3::Bucket', { BucketName: join('x', ref('Trip')) }),
  Trip: resource('AWS::S3::Bucket', { BucketName: ref('Round') }),
});

describe('where a value comes from', () => {
  it.each([
    ['text', 'shop', 'fixed'],
    ['a number', 7, 'fixed'],
    ['the region and the account', join('a-', ref('AWS::Region'), ref('AWS::AccountId')), 'fixed'],
    ['the stack name', ref('AWS::StackName'), 'stack-name'],
    ['the stack name by Fn::Sub', { 'Fn::Sub': placeholders('#{AWS::StackName}-x') }, 'stack-name'],
    ['a literal of Fn::Sub', { 'Fn::Sub': placeholders('#{!AWS::StackName}-x') }, 'fixed'],
    ['the stack id', STACK_ID, 'unique'],
    ['the stack id by Fn::Sub', { 'Fn::Sub': placeholders('x-#{AWS::StackId}') }, 'unique'],
    ['a variable of Fn::Sub', { 'Fn::Sub': [placeholders('x-#{Id}'), { Id: STACK_ID }] }, 'unique'],
    ['a parameter', ref('Stage'), 'unknown'],
    ['a parameter by Fn::Sub', { 'Fn::Sub': placeholders('#{Stage}-x') }, 'unknown'],
    [
      'a variable that has a name like a resource',
      { 'Fn::Sub': [placeholders('#{Unnamed}'), { Unnamed: 'x' }] },
      'fixed',
    ],
    ['an import', { 'Fn::ImportValue': 'x' }, 'unknown'],
    ['another stack', { 'Fn::GetStackOutput': { StackName: 'X', OutputName: 'Y' } }, 'unknown'],
    ['a macro', { 'Fn::Transform': { Name: 'x' } }, 'unknown'],
    ['a mapping by region', { 'Fn::FindInMap': ['M', ref('AWS::Region'), 'x'] }, 'fixed'],
    ['a mapping by a parameter', { 'Fn::FindInMap': ['M', ref('Stage'), 'x'] }, 'unknown'],
    ['two branches alike', either('one', 'two'), 'fixed'],
    ['two branches that differ', either('one', STACK_ID), 'unknown'],
    ['a branch without a value', either('one', NO_VALUE), 'unknown'],
    ['two unique branches', either(STACK_ID, NO_VALUE), 'unique'],
    ['a broken condition', { 'Fn::If': 'Here' }, 'unknown'],
    ['what is unique outweighs a parameter', join(ref('Stage'), STACK_ID), 'unique'],
    ['a parameter outweighs the stack name', join(ref('Stage'), ref('AWS::StackName')), 'unknown'],
    ['a named resource', ref('Named'), 'fixed'],
    ['a resource named by the stack', att('OfStack'), 'stack-name'],
    ['a resource without a name', att('Unnamed'), 'unique'],
    ['a resource without a name by Fn::Sub', { 'Fn::Sub': placeholders('#{Unnamed.Arn}') }, 'unique'],
    ['a resource named by a parameter', ref('ByParameter'), 'unknown'],
    ['a custom resource', att('Custom', 'Name'), 'unknown'],
    ['a custom resource of no type of its own', att('Own', 'Name'), 'unknown'],
    ['a type that the data does not know', ref('New'), 'unknown'],
    ['an attribute that is a property', att('Parameter', 'Value'), 'fixed'],
    ['the range of a VPC', att('Vpc', 'CidrBlock'), 'fixed'],
    ['the id of a VPC', ref('Vpc'), 'unique'],
    ['resources that name each other', ref('Round'), 'fixed'],
    ['null', null, 'fixed'],
  ])('%s', (_, value, origin) => {
    expect(originOf(index, { stack: 'Shop' }, value)).toBe(origin);
  });

  // arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
  it.each([
    ['the id', part(2, '/', STACK_ID), 'unique'],
    ['the id, by a text', part('2', '/', { 'Fn::Sub': placeholders('#{AWS::StackId}') }), 'unique'],
    ['a part of the id', part(4, '-', part(2, '/', STACK_ID)), 'unique'],
    ['the name', part(1, '/', STACK_ID), 'stack-name'],
    ['the first part', part(0, '/', STACK_ID), 'fixed'],
    ['the account', part(4, ':', STACK_ID), 'fixed'],
    ['name and id', part(5, ':', STACK_ID), 'unique'],
    ['a part that is not there', part(9, '/', STACK_ID), 'unique'],
    ['a part of a parameter', part(0, '/', ref('Stage')), 'unknown'],
    ['a part of an attribute', part(5, ':', att('Unnamed')), 'unique'],
  ])('of the stack id: %s', (_, value, origin) => {
    expect(originOf(index, { stack: 'Shop' }, value)).toBe(origin);
    expect(originOf(index, { stack: 'Shop' }, join('shop-', value))).toBe(origin);
  });
});

describe('a name in a nested stack', () => {
  const nested = new TemplateIndex(
    {
      Shop: {
        Resources: {
          Data: resource('AWS::CloudFormation::Stack', {
            Parameters: { Fixed: 'x', Stack: ref('AWS::StackName'), Stage: ref('Stage'), Id: STACK_ID },
          }),
        },
      },
      'Shop/Data': { Resources: {} },
    },
    { nested: new Map([['Shop/Data', { parent: 'Shop', logicalId: 'Data' }]]) },
  );

  it.each([
    ['Fixed', 'fixed'],
    ['Stack', 'stack-name'],
    ['Stage', 'unknown'],
    ['Id', 'unique'],
    ['constructor', 'unknown'],
    // CloudFormation adds letters of chance to it.
    ['AWS::StackName', 'unique'],
  ])('by %s is %s', (parameter, origin) => {
    expect(originOf(nested, { stack: 'Shop/Data' }, ref(parameter))).toBe(origin);
  });

  it('by a part of its id is unique where that is its name', () => {
    expect(originOf(nested, { stack: 'Shop/Data' }, part(1, '/', STACK_ID))).toBe('unique');
  });
});

describe('the name of a resource', () => {
  it.each([
    ['AWS::S3::Bucket', { BucketName: 'x' }, 'fixed'],
    ['AWS::S3::Bucket', {}, undefined],
    ['AWS::S3::Bucket', { BucketName: NO_VALUE }, 'unique'],
    ['AWS::S3::Bucket', { BucketName: null }, undefined],
    ['AWS::Events::Rule', { Name: 'x' }, 'fixed'],
    ['AWS::Events::Rule', { EventBusName: 'bus' }, undefined],
    ['AWS::Events::Rule', { EventBusName: ref('Unnamed'), Name: 'x' }, 'unique'],
    ['AWS::Lambda::Alias', { FunctionName: ref('Unnamed'), Name: 'live' }, 'unique'],
    ['AWS::Lambda::Alias', { FunctionName: 'f', Name: 'live' }, 'fixed'],
    ['AWS::Lambda::Alias', { Name: 'live' }, undefined],
    ['AWS::CloudFront::Function', { Name: 'x' }, 'fixed'],
    ['AWS::CloudFront::CachePolicy', { CachePolicyConfig: { Name: 'x' } }, 'fixed'],
    ['AWS::CloudFront::CachePolicy', { CachePolicyConfig: either({ Name: 'x' }, { Name: 'y' }) }, 'fixed'],
    ['AWS::CloudFront::CachePolicy', { CachePolicyConfig: ref('Stage') }, 'unknown'],
    ['AWS::CloudFront::Distribution', { DistributionConfig: { Aliases: ['shop.example.com'] } }, 'fixed'],
    ['AWS::CloudFront::Distribution', { DistributionConfig: {} }, undefined],
    ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }, undefined],
    ['AWS::New::Thing', { Name: 'x' }, undefined],
    ['Custom::Thing', { Name: 'x' }, undefined],
  ])('%s with %j: %s', (type, properties, origin) => {
    const given = indexOf({ It: resource(type, properties), Unnamed: resource('AWS::S3::Bucket') });
    const it = given.find('Shop', 'It') ?? expect.fail();
    expect(givenName(given, it)?.origin).toBe(origin);
  });

  it('is what its properties say, without those that have a default', () => {
    const given = indexOf({ It: resource('AWS::Events::Rule', { Name: 'x' }) });
    const rule = given.find('Shop', 'It') ?? expect.fail();
    expect(givenName(given, rule)?.values).toEqual(['x']);
  });
});
