import { expect, it } from 'vitest';
import { definitionOf, type StateDefinition, statesOf } from '../../../lib/checks/state-machine-definition';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, inventoryOf, join, PARAMETER, placeholders, resourceIn } from './literal-fixture';

const read = (properties: object) =>
  definitionOf(resourceIn(inventoryOf({ It: ['AWS::StepFunctions::StateMachine', properties] }), 'It'));
const States = { A: { Type: 'Pass' } };

it.each([
  ['an object', { Definition: { States } }, { States }],
  ['a text', { DefinitionString: JSON.stringify({ States }) }, { States }],
  [
    'a text with references',
    { DefinitionString: join('{"States":{"A":{"Type":"Task","Resource":"', att('Fn'), '"}}}') },
    { States: { A: { Type: 'Task', Resource: 'reference' } } },
  ],
  [
    'a text with placeholders',
    { DefinitionString: { 'Fn::Sub': placeholders('{"States":{"A":{"Type":"Task","Resource":"#{Fn.Arn}"}}}') } },
    { States: { A: { Type: 'Task', Resource: 'reference' } } },
  ],
  ['a separator', { DefinitionString: { 'Fn::Join': ['"', ['{', 'A', ':1}']] } }, { A: 1 }],
])('reads %s', (_, properties, definition) => {
  expect(read(properties)).toEqual(definition);
});

it.each([{}, { DefinitionString: PARAMETER }, { DefinitionString: 'a' }, { DefinitionS3Location: {} }])(
  'cannot tell of %j',
  (properties) => {
    expect(() => read(properties)).toThrow(new CannotTell('the definition is known only at deployment'));
  },
);

it('finds states within others, and says what is around them', () => {
  const task: StateDefinition = { Type: 'Task' };
  const each: StateDefinition = { Type: 'Map', ItemProcessor: { States: { Pack: task } } };
  const both: StateDefinition = {
    Type: 'Parallel',
    Branches: [{ States: { Each: each } }, { States: { Bill: task } }],
  };
  const old: StateDefinition = { Type: 'Map', Iterator: { States: { Ship: task } } };
  expect(statesOf({ States: { Both: both, Old: old } })).toEqual([
    { name: 'Both', state: both, around: [] },
    { name: 'Each', state: each, around: [both] },
    { name: 'Pack', state: task, around: [both, each] },
    { name: 'Bill', state: task, around: [both] },
    { name: 'Old', state: old, around: [] },
    { name: 'Ship', state: task, around: [old] },
  ]);
});

it.each([
  ['nothing', {}],
  ['a list of states', { States: [] }],
  ['a state that is a text', { States: { A: 'Pass' } }],
  ['a state that is null', { States: { A: null } }],
  ['a branch without states', { States: { A: { Type: 'Parallel', Branches: [{}] } } }],
])('cannot tell what a definition with %s does', (_, definition) => {
  expect(() => statesOf(definition as never)).toThrow(CannotTell);
});

it.each(['[]', 'null', '1', '"a"'])('cannot tell what the definition %s does', (DefinitionString) => {
  const inventory = inventoryOf({ Machine: ['AWS::StepFunctions::StateMachine', { DefinitionString }] });
  expect(() => definitionOf(resourceIn(inventory, 'Machine'))).toThrow(CannotTell);
});

it('finds no states in branches that are none', () => {
  const states = { A: { Type: 'Parallel', Branches: 'none', ItemProcessor: 1 } };
  expect(statesOf({ States: states } as never).map(({ name }) => name)).toEqual(['A']);
});
