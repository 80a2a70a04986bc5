import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GENAI_RAG_WEAKENINGS } from '../../../patterns/genai-rag/local/weakenings';
import { assemblyOf } from '../../assemblies';
import { documented, leftIn, run } from './command-fixture';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const demo = (...args: string[]) => run('demo', ['genai-rag', ...args], { TMPDIR: folder }).ended;

describe('npm run demo -- genai-rag', () => {
  it('asks its own documents, walks through it, lets a crowd in, and leaves nothing behind', async () => {
    const { code, out, err } = await documented('npm run demo -- genai-rag', ['--questions', '30'], {
      TMPDIR: folder,
    }).ended;
    expect(err).toBe('');
    expect(out).toMatch(/^A keyword index \(BM25\) replaces the knowledge base: /m);
    expect(out).toMatch(/^ {2}"What does npm start do\?"\n(?: {4}.+\n)+ {4}\[\d+\] \S+\.md\n/m);
    for (const step of [
      'opens the site, and a link into it +200 200, one page',
      'asks the API around the distribution +403',
      'asks without a token +401',
      "uploads the project's documents, for two tenants +\\d+ indexed",
      'asks, and hears an answer with its sources +complete, from 1 tenant',
      'asks for an answer in one piece +complete',
      "asks as another tenant, and hears nothing of the first's +globex alone",
      "asks for another tenant's document +404",
      "asks for a colleague's conversation +404, nothing in it",
      'asks what no document says +nothing_found, 0 calls of the model',
      'uploads a program that says it is a PDF +failed, in quarantine',
      'uploads a document that gives orders, and asks about it +asked for t-acme, rules as ever',
      'asks while the model is busy +complete after 3 tries',
      'hears an answer break off +an error, nothing kept',
      'asks again by the same key, twice +complete, the same, 1 turn kept',
      "hears an answer that the guardrail blocks +blocked, the guardrail's words kept",
      'asks beyond what a day allows +200, then 429 daily_budget',
      'deletes a document, and asks about it +202, cited before and not after',
      'has all that is kept of them deleted +done, no conversation left',
    ]) {
      expect(out).toMatch(new RegExp(`${step}\n`));
    }
    const [, asked, answered, , failed, foreign] =
      /questions +answered.*\n.*\n +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)\n/.exec(out) ?? [];
    expect(Number(asked)).toBeGreaterThanOrEqual(30);
    expect([Number(answered) + Number(failed), foreign]).toEqual([Number(asked), '0']);
    expect(out).toMatch(new RegExp(`answers told +kept.*\n.*\n +${answered} +${answered} +0 +0 +0\n`));
    const [, accepted, ...parts] = (
      /^ {2}accepted (\d+) = completed (\d+) \+ refused for a business reason (\d+) \+ dead-lettered (\d+) \(poison\)$/m.exec(
        out,
      ) ?? []
    ).map(Number);
    expect(accepted).toBeGreaterThanOrEqual(Number(asked));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(accepted);
    expect(out).toMatch(/6 AWS calls for an answer that streams/);
    expect(out).toMatch(/Nothing was lost, and no user saw another tenant's data\.\n$/);
    expect(code).toBe(0);
    expect(leftIn(folder)).toEqual([]);
  });

  it('lists what can be taken out, takes one out, and is asked for questions alone', async () => {
    const [{ out: list }, wrong, taken] = await Promise.all([
      demo('--list'),
      demo('--requests', '5'),
      demo('--without', 'rag-knowledge-base', '--questions', '3', '--assembly', await assemblyOf('GenAiRag')),
    ]);
    for (const id of Object.keys(GENAI_RAG_WEAKENINGS)) expect(list).toContain(`${id}\n  without `);
    expect([wrong.code, wrong.err]).toEqual([2, 'genai-rag takes --questions, not --requests\n']);
    // Which of the two tenants' documents is quoted first is for their text to say; acme's must be among them.
    expect(taken.out).toMatch(/hears nothing of the first's: (?:globex,)?acme(?:,globex)? alone, not globex alone\n/);
    expect(taken.out).toMatch(/That is what the handling is for\.\n$/);
    expect(taken.code).toBe(0);
  });
});
