// @project unit

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../local/engine/random';
import { CitationFilter, withoutMarkers } from '../../../../patterns/genai-rag/runtime/citations';
import { cutToTokens, estimatedTokens } from '../../../../patterns/genai-rag/runtime/tokens';

function filtered(pieces: readonly string[], passages = 3) {
  const filter = new CitationFilter(passages);
  const shown = [...pieces.map((piece) => filter.push(piece)), filter.end()];
  return { text: shown.join(''), shown, cited: [...filter.cited] };
}

describe('markers', () => {
  it.each([
    ['Yes [1].', 'Yes [1].', [1]],
    ['Yes [4].', 'Yes .', []],
    ['Yes [0] [00] [1000].', 'Yes   .', []],
    ['Yes [1, 2; 9][3].', 'Yes [1][2][3].', [1, 2, 3]],
    ['Yes [ 2 ].', 'Yes [2].', [2]],
    ['[a] [] [ ] [1a] [-1] [1', '[a] [] [ ] [1a] [-1] [1', []],
    ['[[1]] [9[1]]', '[[1]] [9[1]]', [1]],
    ['[12345]', '[12345]', []],
    ['[', '[', []],
  ])('of %j are %j', (text, wanted, cited) => {
    expect(filtered([text])).toMatchObject({ text: wanted, cited });
  });

  it('are the same wherever the text is cut', () => {
    const random = seededRandom(11);
    const parts = [
      '[',
      ']',
      '1',
      '2',
      '9',
      ',',
      ' ',
      'x',
      '🚂',
      '[1]',
      '[7]',
      '[2, 9]',
      '['.repeat(3),
      '1'.repeat(40),
      '[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 9]',
    ];
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: 12 }, () => parts[Math.floor(random() * parts.length)]).join('');
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const length = 1 + Math.floor(random() * 4);
        pieces.push(text.slice(at, at + length));
        at += length;
      }
      const whole = filtered([text]);
      const cut = filtered(pieces);
      expect(cut.text).toBe(whole.text);
      expect(cut.cited).toEqual(whole.cited);
      // What is shown can be written as UTF-8, piece for piece.
      for (const piece of cut.shown) expect(piece).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('may name all of 100 passages, and longer ones are text', () => {
    const all = `[${Array.from({ length: 100 }, (_, index) => index + 1).join(', ')}]`;
    expect(filtered([...all], 100)).toMatchObject({ text: all.replaceAll(', ', '][') });
    const longer = `[${'1, '.repeat(200)}2]`;
    for (const pieces of [[longer], [...longer]]) expect(filtered(pieces)).toMatchObject({ text: longer, cited: [] });
  });

  it('hold back a few characters and no more', () => {
    const filter = new CitationFilter(3);
    expect(filter.push('Well [')).toBe('Well ');
    expect(filter.push('1'.repeat(40))).toBe(`[${'1'.repeat(40)}`);
  });

  it('of earlier answers are left out', () => {
    expect(withoutMarkers('Yes [1], no [2, 3]. [x]')).toBe('Yes , no . [x]');
  });
});

describe('a text', () => {
  it('is cut to tokens between two characters', () => {
    for (const text of ['größer', '🚂🚂🚂🚂', '十二十二', 'plain text']) {
      for (let tokens = 0; tokens < 6; tokens += 1) {
        const cut = cutToTokens(text, tokens);
        expect(text.startsWith(cut)).toBe(true);
        expect(estimatedTokens(cut)).toBeLessThanOrEqual(tokens);
      }
    }
    expect(cutToTokens('plain text', 100)).toBe('plain text');
  });
});
