import { expect, it } from 'vitest';
import { definitionOf } from '../../../lib/checks/state-machine-definition';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, inventoryOf, join, PARAMETER, resourceIn } from './literal-fixture';

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
