import { describe, expect, it } from 'vitest';
import {
  earlierQuestion,
  newNonce,
  questionMessage,
  SYSTEM,
  SYSTEM_TEXT,
} from '../../../../patterns/genai-rag/runtime/prompt';

const passage = (text: string) => ({ text, documentId: 'd', name: 'n' });
const guarded = (text: string, ...qualifiers: string[]) => ({ guardContent: { text: { text, qualifiers } } });

describe('a prompt', () => {
  it('instructs by one text', () => {
    expect(SYSTEM).toEqual([{ text: SYSTEM_TEXT }]);
  });

  it('is delimited by what nobody knows', () => {
    expect(newNonce()).toMatch(/^[0-9a-f]{24}$/);
    expect(newNonce()).not.toBe(newNonce());
    const { content = [] } = questionMessage('Fare?', [passage('a')]);
    expect(JSON.stringify(content[0])).toMatch(/<passage-[0-9a-f]{24} number/);
  });

  it('has the passages, and then the question, as a person sees them', () => {
    expect(questionMessage('Fa\u200bre?', [passage('o\u200bne'), passage('two')], 'N1')).toEqual({
      role: 'user',
      content: [
        guarded('<passage-N1 number="1">\none\n</passage-N1>', 'grounding_source'),
        guarded('<passage-N1 number="2">\ntwo\n</passage-N1>', 'grounding_source'),
        guarded('Fare?', 'query', 'guard_content'),
      ],
    });
  });

  it('never has the nonce in a text, however it is hidden', () => {
    expect(questionMessage('NNN111b', [passage('aNN1 1')], 'N1')).toEqual({
      role: 'user',
      content: [
        guarded('<passage-N1 number="1">\naN 1\n</passage-N1>', 'grounding_source'),
        guarded('b', 'query', 'guard_content'),
      ],
    });
  });

  it('has earlier questions that are guarded, and not what an answer is held against', () => {
    expect(earlierQuestion('Fa\u200bre?')).toEqual({ role: 'user', content: [guarded('Fare?', 'guard_content')] });
  });
});
