import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { genaiRagTarget } from '../../../../patterns/genai-rag/local/fuzz';
import { GENAI_RAG_WEAKENINGS } from '../../../../patterns/genai-rag/local/weakenings';
import { stackOf } from '../../../assemblies';
import { FuzzFixture, found } from '../../../local/fuzz/fuzz-fixture';

let fixture: FuzzFixture;
beforeAll(async () => {
  fixture = new FuzzFixture(await stackOf('GenAiRag'));
});
afterAll(() => fixture.end());

describe('drawn requests to the GenAI application', () => {
  it('find nothing wrong', async () => {
    const { faults, statuses, requests } = await found(genaiRagTarget(fixture.stack), { requests: 300 });
    expect(faults).toBe('');
    expect(requests).toBeGreaterThanOrEqual(300);
    for (const status of [200, 201, 202, 400, 401, 404]) expect(statuses.get(status)).toBeGreaterThan(0);
  });

  it('find conversations that a tenant has in common', async () => {
    const { handler } = GENAI_RAG_WEAKENINGS['rag-conversation-history'] ?? {};
    if (handler === undefined) throw new Error('The handling is taken out elsewhere by now');
    const code = await fixture.weakened(handler);
    const { faults } = await found(genaiRagTarget(fixture.stack, { code }), { requests: 300 });
    expect(faults).toMatch(/answers 200 to a valid request, not .*404|tells \w+ what is another's/);
  });

  it("find a library that shows another tenant's documents", async () => {
    const code = await fixture.weakened({
      handlers: { documents: 'genai-rag/handlers/documents' },
      source: 'patterns/genai-rag/contract.ts',
      replace: [
        ['tenant: (tenant: string) => `tenant#$', '{tenant}`,\n  document:'].join(''),
        'tenant: (_tenant: string) => `tenant#all`,\n  document:',
      ],
    });
    const { faults } = await found(genaiRagTarget(fixture.stack, { code }), { requests: 300 });
    expect(faults).toMatch(/answers 200 to a valid request, not .*404|tells \w+ what is another's/);
  });

  it('find a handler that fails at what a client got wrong, and show the one request', async () => {
    const code = await fixture.weakened({
      handlers: { ask: 'genai-rag/handlers/ask' },
      source: 'lib/runtime/problem.ts',
      replace: ['error instanceof Problem ? error', 'error instanceof Problem && error.status !== 400 ? error'],
    });
    const { faults, lines } = await found(genaiRagTarget(fixture.stack, { code }), { requests: 300, smallest: true });
    expect(faults).toMatch(/^answers 50[03]/);
    expect(lines).toHaveLength(1);
  });
});
