import type { Answer, AnswerEvents, Citation, Turn } from '../../../../patterns/genai-rag/contract';

/** A server-sent event as the API writes it. */
export function event<Name extends keyof AnswerEvents>(name: Name, data: AnswerEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

const CITATIONS: readonly Citation[] = [
  { number: 1, documentId: 'doc-harbour', name: 'harbour.md', excerpt: 'The harbour has nine cranes.' },
  { number: 2, documentId: 'doc-boats', name: 'boats.pdf', excerpt: 'Boats come at high tide.' },
];

/** What an answer is, where a test does not say otherwise. */
export const ANSWER: Omit<Answer, 'turn'> = {
  answer: 'Nine cranes [1] wait for boats [2] – and for you 🚢.',
  citations: CITATIONS,
  guardrail: { action: 'none' },
  usage: { inputTokens: 1200, outputTokens: 34 },
  outcome: 'complete',
};

/** Tokens of a text: a word and the space before it. */
export function tokensOf(text: string): string[] {
  return (text.match(/\s*\S+/g) ?? []).map((token) => event('token', { text: token }));
}

/** Events that end an answer. */
export function endOf(answer: Partial<Omit<Turn, 'question' | 'at'>> = {}): string[] {
  const { citations, guardrail, usage, outcome, turn = '000001' } = { ...ANSWER, ...answer };
  return [
    event('citations', { citations }),
    event(
      'guardrail',
      guardrail.action === 'blocked' ? { ...guardrail, text: answer.answer ?? 'Blocked.' } : guardrail,
    ),
    event('usage', { ...usage, dailyTokens: 41_234, dailyLimit: 200_000 }),
    event('done', { turn, outcome }),
  ];
}

/** An answer, event by event. */
export function eventsOf(answer: Partial<Omit<Turn, 'question' | 'at'>> = {}): string[] {
  return [...tokensOf(answer.answer ?? ANSWER.answer), ...endOf(answer)];
}

/** A piece of a stream; a promise holds up what comes after it, and one that is refused breaks the connection. */
export type Piece = string | Uint8Array | Promise<unknown>;

/** A stream of these pieces. @param onStopped hears that nobody reads it any more */
export function streamed(pieces: readonly Piece[], onStopped: () => void = () => undefined): Response {
  const rest = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        while (rest[0] instanceof Promise) await rest.shift();
      } catch (error) {
        controller.error(error);
        return;
      }
      const piece = rest.shift() as string | Uint8Array | undefined;
      if (piece === undefined) controller.close();
      else controller.enqueue(typeof piece === 'string' ? Buffer.from(piece) : piece);
    },
    cancel: onStopped,
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
}

/** What the API answers when it refuses. */
export function problem(status: number, code: string, detail: string, requestId = 'request-1'): Response {
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify({ status, code, detail, requestId }), { status, headers });
}
