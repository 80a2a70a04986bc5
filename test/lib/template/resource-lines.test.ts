import { describe, expect, it } from 'vitest';
import { resourceLines } from '../../../lib/template/resource-lines';

describe('the lines of resources', () => {
  it('are those of their logical ids, in JSON', () => {
    const text = JSON.stringify(
      {
        Metadata: { Resources: { No: 1 } },
        Resources: { A: { Type: 'X', Properties: { Resources: { No: '{"B": [' } } }, 'B"\\': { Type: 'Y' } },
        Outputs: { O: { Value: 1 } },
      },
      undefined,
      2,
    );
    const expected = [...text.split('\n').entries()].flatMap(([index, line]) => {
      const [, name] = /^ {4}("A"|"B.*?"): \{/.exec(line) ?? [];
      return name === undefined ? [] : [[JSON.parse(name), index + 1]];
    });
    expect(expected).toHaveLength(2);
    expect([...resourceLines(text)]).toEqual(expected);
  });

  it('are one line where the JSON is', () => {
    expect([...resourceLines('{"Resources":{"A":{"Type":"X"},"B":{"Type":["{"]}}}')]).toEqual([
      ['A', 1],
      ['B', 1],
    ]);
  });

  it('are those of their logical ids, in YAML with short forms', () => {
    const text = [
      '# mine',
      'Resources:',
      '  A:',
      '    Type: X',
      '    Properties:',
      '      B: !Ref A',
      '',
      '  "C": {Type: Y}',
    ];
    expect([...resourceLines(text.join('\n'))]).toEqual([
      ['A', 3],
      ['C', 8],
    ]);
  });

  it('are none where there are no resources', () => {
    expect([...resourceLines('Outputs: {}'), ...resourceLines('{"Resources": []}')]).toEqual([]);
  });
});
