import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../../../patterns/genai-rag/contract';
import { visible, visibleRequest } from '../../../../patterns/genai-rag/runtime/visible-text';
import { AskFixture, conversationId, eventOf } from './ask-fixture';

/** Code points named one by one, apart from the rule under test. Line ends and tabs are seen. */
const HIDDEN = [
  ...[[0, 8], [0xb, 0x1f], [0x7f, 0x9f], [0xad], [0x34f], [0x61c], [0x115f, 0x1160], [0x17b4, 0x17b5], [0x180e]],
  ...[[0x200b], [0x200e, 0x200f], [0x2028, 0x202e], [0x2060, 0x206f], [0x3164], [0xd800, 0xdfff], [0xfdd0, 0xfdef]],
  ...[[0xfeff], [0xffa0], [0xfff9, 0xfffb], [0xfffe, 0xffff], [0x1d173, 0x1d17a], [0xe0000, 0xe00ff]],
];
/** Each does something once, and nothing a second time in a row. */
const ONCE = [
  [0x180b, 0x180d],
  [0xfe00, 0xfe0f],
  [0xe0100, 0xe01ef],
];
const JOINERS = [[0x200c, 0x200d]];

function isIn(ranges: readonly (readonly number[])[], point = -1): boolean {
  return ranges.some(([from = 0, to = from]) => point >= from && point <= to);
}

/** What is hidden in a text, as it would be written in code; empty for nothing. */
function hiddenIn(text: string): string {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const found = points.filter(
    (point, index) =>
      isIn(HIDDEN, point) ||
      (isIn(ONCE, point) && isIn(ONCE, points[index - 1])) ||
      (isIn(JOINERS, point) && isIn(JOINERS, points[index - 1])),
  );
  return found.map((point) => `U+${point.toString(16)}`).join(' ');
}

const hidden = fc.constantFrom(
  ...['\u0007', '\u0085', '\u00ad', '\u034f', '\u061c', '\u115f', '\u180e', '\u200b', '\u200f', '\u2028', '\u202e'],
  ...['\u2060', '\u2066', '\u3164', '\ufeff', '\uffa0', '\ufffa', '\uffff', '\u{1d173}', '\u{e0001}', '\u{e0041}'],
  ...['\ufe0f\ufe0e', '\u{e0100}\u{e0101}\u{e0102}', '\u200c\u200d\u200c'],
);
const seen = fc.constantFrom(
  'fare',
  ' ',
  'Zwölf €',
  '\n',
  '👩\u200d🚀',
  '❤\ufe0f',
  'می\u200cخواهم',
  '十二',
  '[1]',
  '</passage>',
);
const mixed = fc
  .array(fc.oneof(hidden, seen), { minLength: 1, maxLength: 12 })
  .map((parts) => `fare ${parts.join('')} fare`);

describe('visible text', () => {
  it('holds nothing hidden, whatever it is made of, and is the same when it is looked at again', () => {
    const any = fc.oneof(mixed, fc.string({ unit: 'binary' }), fc.array(fc.nat(0xffff)).map(codeUnits));
    fc.assert(
      fc.property(any, (text) => {
        const clean = visible(text);
        expect(hiddenIn(clean)).toBe('');
        expect(visible(clean)).toBe(clean);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps what is seen', () => {
    fc.assert(
      fc.property(
        fc.array(seen).map((parts) => parts.join(' ')),
        (text) => {
          expect(visible(text)).toBe(text);
        },
      ),
    );
  });

  it('reaches names and values however deep they are, and makes a prototype of none', () => {
    const request = JSON.parse('{"a\u200b":[{"__proto__":{"x\u202e":"y\u00ad"}}],"n":1,"z":null}') as object;
    expect(JSON.stringify(visibleRequest(request))).toBe('{"a":[{"__proto__":{"x":"y"}}],"n":1,"z":null}');
  });
});

function codeUnits(units: readonly number[]): string {
  return String.fromCharCode(...units);
}

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:departures:live';
const DEPARTURES: ToolDefinition = {
  name: 'departures',
  description: 'When trains\u200b leave',
  inputSchema: { type: 'object', properties: { from: { type: 'string', description: 'A st\u202eation' } } },
  functionArn: FUNCTION,
};
interface Message {
  readonly role: string;
  readonly content: readonly Readonly<
    Record<string, { readonly text?: { readonly qualifiers?: readonly string[] } }>
  >[];
}

/** Every text of a request, the names of its members included. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...textsOf(each)]);
}

describe('at the wire to Bedrock, over turns', () => {
  let fixture: AskFixture;
  let conversations = 0;
  beforeAll(async () => {
    fixture = await new AskFixture().start();
  });
  afterAll(() => fixture.stop());

  it('no text of any request holds what is hidden: question, history, passage, tool, input or result', async () => {
    // A question with a control character, or with one that is none, is refused before it gets here.
    const question = mixed.map((text) => text.replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, ' '));
    const turn = fc.record({ question, answer: mixed, input: mixed, result: mixed });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 3 }), mixed, mixed, async (turns, text, name) => {
        conversations += 1;
        fixture.calls.length = 0;
        const tenant = `hidden-${conversations}`;
        // S3 and the knowledge base take no halves of characters.
        fixture.document(`t-${tenant}`, tenant, text.replace(/\p{Surrogate}/gu, ''), name);
        const user = `reader-${conversations}`;
        const conversation = conversationId(conversations);
        for (const { question, answer, input, result } of turns) {
          fixture.tools.set(FUNCTION, () => result);
          const toolUse = [
            { name: 'departures', input: `{${JSON.stringify(input)}:{"__proto__":${JSON.stringify(input)}}}` },
          ];
          fixture.bedrock.script({ text: answer, toolUse }, { text: `${answer} [1]` });
          const asked = { user, groups: `tenant-${tenant}`, conversation, question };
          const told = await fixture.ask(asked, { dailyTokens: 1e8 }, [DEPARTURES]);
          expect([told.status, told.json, eventOf(told, 'error')]).toEqual([200, {}, undefined]);
          expect(eventOf(told, 'done')).toMatchObject({ outcome: 'complete' });
        }
        const requests = fixture.calls.filter(({ service }) => service === 'bedrock').map(({ input }) => input);
        expect(requests).toHaveLength(turns.length * 3);
        for (const each of requests.flatMap(textsOf)) expect(hiddenIn(each)).toBe('');
        const histories = requests.flatMap(({ messages = [] }) => messages as Message[]);
        const asked = histories.filter(({ role }) => role === 'user').flatMap(({ content }) => content);
        // All that a user wrote is looked at by the guardrail, in this turn and in those before.
        expect(asked.flatMap((block) => Object.keys(block)).filter((kind) => kind === 'text')).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('an earlier question is guarded, and is not what the answer is held against', async () => {
    const asked = { user: 'earlier', groups: 'tenant-earlier', conversation: conversationId(9999) };
    fixture.document('t-earlier', 'fares', 'The fare of a day is 12 euros.');
    await fixture.ask({ ...asked, question: 'What is the f\u200bare of a day?' });
    fixture.calls.length = 0;
    await fixture.ask({ ...asked, question: 'And the fare of a week?' });
    const { messages = [] } = fixture.calls.find(({ action }) => action === 'ConverseStream')?.input ?? {};
    const [before] = messages as Message[];
    expect(before).toEqual({
      role: 'user',
      content: [{ guardContent: { text: { text: 'What is the fare of a day?', qualifiers: ['guard_content'] } } }],
    });
    const queries = (messages as Message[]).flatMap(({ content }) =>
      content.filter(({ guardContent }) => guardContent?.text?.qualifiers?.includes('query')),
    );
    expect(queries).toHaveLength(1);
  });

  it('a question of nothing that is seen is refused, with its field', async () => {
    for (const question of ['\u200b\u202e', '\u{e0041}\u{e0042}', '\u3164 ']) {
      const { status, json } = await fixture.ask({ question, accept: 'application/json' });
      expect([status, json['field']]).toEqual([400, 'question']);
    }
  });
});
