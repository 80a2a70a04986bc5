import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SynthesizedStack } from '../../../../local/assembly/cloud-assembly';
import type { Told } from '../../../../patterns/genai-rag/local/answer';
import { type CrowdTold, KINDS, type KnownDocument } from '../../../../patterns/genai-rag/local/crowd';
import { note } from '../../../../patterns/genai-rag/local/documents';
import { type RagPlace, settingOf, startRag } from '../../../../patterns/genai-rag/local/place';
import { reportOn } from '../../../../patterns/genai-rag/local/report';
import { runRag } from '../../../../patterns/genai-rag/local/run';
import { RagVisitor } from '../../../../patterns/genai-rag/local/visitor';
import { ingested } from '../../../../patterns/genai-rag/local/walk';
import { stackOf } from '../../../assemblies';

let stack: SynthesizedStack;
beforeAll(async () => {
  stack = await stackOf('GenAiRag');
});

it('repeats a run to the last millisecond by its seed', async () => {
  const runs = [];
  for (let time = 0; time < 2; time += 1) {
    const run = await runRag(stack, { questions: 10, seed: 7 });
    const { problems, took, troubles, questions, callsPerAnswer, alarms, accounting } = run;
    expect(problems).toEqual([]);
    const { accepted, completed, refused, deadLettered } = accounting;
    expect(accepted).toBe(completed + refused + deadLettered);
    expect(accepted).toBeGreaterThanOrEqual(questions.asked);
    expect(questions.answered).toBeGreaterThan(0);
    runs.push({ took, troubles, questions, callsPerAnswer, alarms, accounting });
  }
  expect(runs[1]).toEqual(runs[0]);
});

describe('the report', () => {
  let place: RagPlace;
  let ada: RagVisitor;
  let told: Told;
  let document: KnownDocument;
  const tenants = new Map<string, string>();
  beforeAll(async () => {
    place = await startRag(stack);
    ada = new RagVisitor(place, 'ada@example.com', 'tenant-acme');
    const prepare = async () => {
      const { name, contentType, content } = note('Ferry', 'The ferry to Nagu leaves at nine in the morning.');
      const id = await ada.upload(name, contentType, content);
      tenants.set(id, 'acme');
      document = { id, visitor: ada, wanted: 'indexed' };
      await ingested(place, [ada]);
      told = await ada.ask('When does the ferry to Nagu leave?');
    };
    await place.engine.during(prepare());
  });
  afterAll(() => place.stop());

  const problems = async (changes: Partial<CrowdTold> = {}, known: ReadonlyMap<string, string> = tenants) => {
    const crowd: CrowdTold = {
      visitors: [ada],
      tallies: Object.fromEntries(
        KINDS.map((kind) => [kind, { done: 0, repeats: 0, wrong: 0 }]),
      ) as unknown as CrowdTold['tallies'],
      told: new Map([[ada, [told]]]),
      documents: [document],
      wrong: [],
      ...changes,
    };
    const walk = { steps: [], answers: [], tenants, callsPerAnswer: 0 };
    return (await place.engine.during(reportOn(place, walk, crowd, known))).problems;
  };
  const answered = (changes: Partial<NonNullable<Told['answer']>>): Told => {
    if (told.answer === undefined) throw new Error('It was not answered');
    return { ...told, answer: { ...told.answer, ...changes } };
  };

  const unanswered = (): Told => {
    const { answer: _, ...rest } = told;
    return { ...rest, key: 'unanswered', problem: 'answer_broke_off', letIn: true };
  };

  it('finds nothing wrong with what is as it was told', async () => {
    expect(told.answer?.answer).toBe('The ferry to Nagu leaves at nine in the morning. [1]');
    expect(await problems()).toEqual([]);
  });

  /** What a report adds when something that was accepted is not accounted for. */
  const OPEN = '1 accepted questions and documents neither completed, refused for a business reason, nor dead-lettered';

  it.each<[string, () => Promise<readonly string[]>, ...lines: string[]]>([
    [
      'an answer that is lost',
      () => problems({ told: new Map([[ada, [told, answered({ turn: '00000002' })]]]) }),
      '1 answers lost that were said to be kept',
      OPEN,
    ],
    [
      'an answer that is another',
      () => problems({ told: new Map([[ada, [answered({ answer: 'At ten.' })]]]) }),
      '1 answers kept that are other than was told',
      OPEN,
    ],
    [
      'a question that was let in and has no answer',
      () => problems({ told: new Map([[ada, [told, unanswered()]]]) }),
      OPEN,
    ],
    [
      'an answer that no client received',
      () => problems({ told: new Map([[ada, []]]) }),
      '1 answers kept that no client received',
    ],
    [
      "a source of another tenant's",
      () => problems({}, new Map([...tenants.keys()].map((id) => [id, 'globex']))),
      "1 answers that cite another tenant's text",
    ],
    [
      'a document that is lost',
      () => problems({ documents: [{ ...document, id: 'gone' }] }),
      '1 documents lost: neither indexed nor failed nor gone as they should be',
      OPEN,
    ],
    [
      'a document that is found, and should have been refused',
      () => problems({ documents: [{ ...document, wanted: 'refused' }] }),
      '1 documents lost: neither indexed nor failed nor gone as they should be',
      OPEN,
    ],
    ['what went wrong in the crowd', () => problems({ wrong: ['a question: 500'] }), 'a question: 500'],
  ])('tells of %s', async (_, run, ...lines) => {
    expect(await run()).toEqual(lines);
  });

  it('takes no question for accepted that was never let in', async () => {
    expect(await problems({ told: new Map([[ada, [told, { ...unanswered(), letIn: false }]]]) })).toEqual([]);
  });

  it('tells of a day that was charged for less than was told, or for more than could be', async () => {
    const line = '1 people whose day counts other tokens than their answers took';
    expect(await problems({ told: new Map([[ada, [{ ...told, charged: 1 }]]]) })).toEqual([line]);
    expect(await problems({ told: new Map([[ada, [{ ...told, unheard: 1 }]]]) })).toEqual([]);
  });

  it("tells of searches for every tenant's text, and of models that nobody guards", async () => {
    const { bedrock } = place.engine;
    await bedrock.call('Retrieve', {
      knowledgeBaseId: settingOf(place.engine, 'knowledgeBaseId'),
      retrievalQuery: { text: 'ferry' },
    });
    const messages = [{ role: 'user', content: [{ text: 'ferry' }] }];
    await bedrock.call('ConverseStream', { modelId: 'model', messages });
    expect(await problems()).toEqual([
      "1 searches that asked for every tenant's text",
      '1 calls of the model without a guardrail or a bound',
    ]);
  });

  it('tells of a day that counts what no answer took', async () => {
    await place.engine.during(ada.call('DELETE', '/me'));
    expect(await problems({ told: new Map([[ada, []]]) })).toContain(
      '1 people whose day counts other tokens than their answers took',
    );
  });
});
