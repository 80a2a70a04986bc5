import { describe, expect, it, vi } from 'vitest';
import { Dependencies } from '../../../lib/lifecycle/dependencies';
import { TemplateIndex } from '../../../lib/template/template-index';
import { att, join, placeholders, ref } from '../checks/literal-fixture';
import { ids, indexOf, type Resources, resource } from './rehearsal-fixture';

const QUEUE = 'AWS::SQS::Queue';
const uses = (value: unknown, DependsOn: string | readonly string[] = []) =>
  resource('AWS::Lambda::Function', { Environment: value }, { DependsOn });

function of(resources: Resources) {
  const index = indexOf(resources);
  const dependencies = new Dependencies(index);
  const find = (id: string) => index.find('Shop', id) ?? expect.fail(id);
  return {
    direct: (id: string) => ids(dependencies.of(find(id))),
    all: (id: string) => [...ids(dependencies.allOf(find(id)))].sort(),
    isBefore: (first: string, second: string) => dependencies.isDeletedBefore(find(first), find(second)),
    isAwaited: (id: string) => dependencies.isAwaited(find(id)),
  };
}

describe('what a resource waits for', () => {
  it.each([
    ['Ref', uses(ref('A'))],
    ['Fn::GetAtt', uses(att('A'))],
    ['Fn::Sub', uses({ 'Fn::Sub': placeholders('#{A.Arn}') })],
    ['a branch of a condition', uses({ 'Fn::If': ['C', ref('A'), 'x'] })],
    ['DependsOn', uses({}, 'A')],
    ['a list of DependsOn', uses({}, ['Missing', 'A'])],
  ])('by %s', (_, it) => {
    expect(of({ A: resource(QUEUE), It: it }).direct('It')).toEqual(['A']);
  });

  it('is not itself, nor what is not there', () => {
    expect(
      of({ It: uses(join(ref('It'), ref('Parameter'), ref('AWS::Region')), ['It', 'constructor']) }).direct('It'),
    ).toEqual([]);
  });

  it('reaches as far as it goes, and ends in a circle', () => {
    const { all, isBefore } = of({
      A: resource(QUEUE),
      B: uses(ref('A')),
      C: uses({}, 'B'),
      Round: uses(ref('Trip')),
      Trip: uses(ref('Round'), 'C'),
    });
    expect([all('A'), all('B'), all('C'), all('Trip')]).toEqual([
      [],
      ['A'],
      ['A', 'B'],
      ['A', 'B', 'C', 'Round', 'Trip'],
    ]);
    expect([isBefore('C', 'A'), isBefore('A', 'C'), isBefore('A', 'A')]).toEqual([true, false, false]);
  });

  it('knows what nothing waits for', () => {
    const { isAwaited } = of({ A: resource(QUEUE), B: uses(ref('A')) });
    expect([isAwaited('A'), isAwaited('B')]).toEqual([true, false]);
  });
});

describe('across stacks', () => {
  const Outputs = { Arn: { Value: att('A'), Export: { Name: 'a' } } };
  const stacks = new TemplateIndex({
    Data: { Resources: { A: resource(QUEUE), Other: resource(QUEUE) }, Outputs },
    Shop: { Resources: { B: uses({ 'Fn::ImportValue': 'a' }), C: resource(QUEUE) } },
    Edge: { Resources: { D: uses({ 'Fn::GetStackOutput': { StackName: 'Shop', OutputName: 'No' } }) } },
  });
  const dependencies = new Dependencies(stacks);
  const isBefore = (first: string, second: string) => {
    const [one, other] = [first, second].map((id) => stacks.find(...(id.split('/') as [string, string])));
    return one !== undefined && other !== undefined && dependencies.isDeletedBefore(one, other);
  };

  it.each([
    ['Shop/B', 'Data/A', true],
    // The whole stack is deleted before the other one.
    ['Shop/C', 'Data/Other', true],
    ['Data/Other', 'Shop/C', false],
    ['Edge/D', 'Data/A', false],
    ['Shop/C', 'Shop/B', false],
  ])('%s is deleted before %s: %s', (first, second, yes) => {
    expect(isBefore(first, second)).toBe(yes);
  });
});

describe('a nested stack', () => {
  const nested = new Map([
    ['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }],
    ['Shop/Nested/Inner', { parent: 'Shop/Nested', logicalId: 'Inner' }],
  ]);
  const index = new TemplateIndex(
    {
      Shop: {
        Resources: {
          Before: resource(QUEUE),
          Given: resource(QUEUE),
          Nested: resource(
            'AWS::CloudFormation::Stack',
            { Parameters: { Queue: ref('Given') } },
            { DependsOn: 'Before' },
          ),
          After: uses(att('Nested', 'Outputs.Name')),
          Beside: resource(QUEUE),
        },
      },
      'Shop/Nested': {
        Resources: {
          A: resource(QUEUE),
          Inner: resource('AWS::CloudFormation::Stack'),
          UsesGiven: uses(ref('Queue')),
        },
        Outputs: { Name: { Value: ref('A') } },
      },
      'Shop/Nested/Inner': { Resources: { Deep: resource(QUEUE) } },
    },
    { nested },
  );
  const dependencies = new Dependencies(index);
  const find = (stack: string, id: string) => index.find(stack, id) ?? expect.fail(id);
  const all = (stack: string, id: string) => [...ids(dependencies.allOf(find(stack, id)))].sort();

  it('has what is in it made after what it waits for', () => {
    expect(all('Shop/Nested', 'A')).toEqual(['Before', 'Given']);
    expect(all('Shop/Nested/Inner', 'Deep')).toEqual(['Before', 'Given']);
  });

  it('is there when all that is in it is there', () => {
    expect(all('Shop', 'After')).toEqual([
      'Before',
      'Given',
      'Nested',
      'Shop/Nested/A',
      'Shop/Nested/Inner',
      'Shop/Nested/Inner/Deep',
      'Shop/Nested/UsesGiven',
    ]);
  });

  it('is awaited with what is in it, and what is in it not by what makes it alone', () => {
    const isAwaited = (stack: string, id: string) => dependencies.isAwaited(find(stack, id));
    expect([
      isAwaited('Shop', 'Nested'),
      isAwaited('Shop/Nested', 'A'),
      isAwaited('Shop/Nested/Inner', 'Deep'),
    ]).toEqual([true, true, true]);
    const alone = new TemplateIndex(
      {
        Shop: { Resources: { Nested: resource('AWS::CloudFormation::Stack') } },
        Inner: { Resources: { A: resource(QUEUE) } },
      },
      { nested: new Map([['Inner', { parent: 'Shop', logicalId: 'Nested' }]]) },
    );
    const [maker, inner] = alone.resources;
    const ofAlone = new Dependencies(alone);
    expect([maker, inner].map((each) => each && ofAlone.isAwaited(each))).toEqual([false, false]);
  });

  it('is not deleted before all of the stack around it because it names a part of it', () => {
    expect(dependencies.isDeletedBefore(find('Shop/Nested', 'UsesGiven'), find('Shop', 'Given'))).toBe(true);
    expect(dependencies.isDeletedBefore(find('Shop/Nested', 'UsesGiven'), find('Shop', 'Beside'))).toBe(false);
  });
});

it('reads the properties of each resource once', () => {
  const chain = Array.from({ length: 200 }, (_, at) => [`R${at}`, uses(at === 0 ? {} : ref(`R${at - 1}`))] as const);
  const index = indexOf(Object.fromEntries(chain));
  const reads = vi.spyOn(index, 'references');
  const dependencies = new Dependencies(index);
  for (const each of index.resources) {
    dependencies.isAwaited(each);
    dependencies.allOf(each);
  }
  expect(reads).toHaveBeenCalledTimes(200);
});
