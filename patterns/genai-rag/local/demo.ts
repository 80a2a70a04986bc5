import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from '../../../local/cli/pattern-demo';
import { duration, table } from '../../../local/cli/table';
import { accountingLine } from '../../../local/scenarios/accounting';
import type { Told } from './answer';
import { KINDS } from './crowd';
import { WORD_MS } from './place';
import { type RagResult, runRag } from './run';
import { GENAI_RAG_WEAKENINGS } from './weakenings';

/** What replaces Bedrock here, in words. */
export const STAND_INS = `A keyword index (BM25) replaces the knowledge base: it finds passages that share words with a question, and knows no meaning. A model that quotes replaces Bedrock's: it answers with the sentences of the passages that are nearest to the question, a word each ${WORD_MS} ms.`;

/** The GenAI application as the demo runs it. */
export const GENAI_RAG_DEMO: PatternDemo = {
  unit: 'questions',
  day: 'a model that is busy or breaks off, functions that die, events that come twice, a failed ingestion',
  good: "Nothing was lost, and no user saw another tenant's data.",
  usual: 200,
  virtualOnly: true,
  longDay: {},
  weakenings: GENAI_RAG_WEAKENINGS,
  run: async (stack, options) => {
    const result = await runRag(stack, runOf(options));
    return { problems: result.problems, show: () => show(result), figures: figuresOf(result) };
  },
};

function runOf({ amount, seed, clock, code, onStart, onProgress, onNote }: DemoRun): Parameters<typeof runRag>[1] {
  const steps: string[] = [];
  onProgress(() => steps.at(-1) ?? 'starting');
  return {
    questions: amount,
    seed,
    clock,
    ...(code !== undefined && { code }),
    onStart: ({ engine }) => {
      onNote?.(STAND_INS);
      onStart(engine);
    },
    onStep: ({ what }) => steps.push(`a user ${what}`),
    onProgress,
  };
}

/** The tables that a run ends with. */
function show({
  walk,
  crowd,
  questions,
  turns,
  documents,
  retrievals,
  modelCalls,
  accounting,
  firstWord,
  callsPerAnswer,
  users,
  troubles,
  alarms,
  took,
}: RagResult): string {
  const { asked, answered, nothingFound, failed, foreign } = questions;
  const parts = [
    ...walk.answers.map(conversation),
    table(
      ['a user …', 'it came to', ''],
      walk.steps.map(({ what, wanted, got }) => [what, got, wanted === got ? '' : `not ${wanted}`]),
    ),
    `${users} people of several tenants at once: ${Object.entries(troubles)
      .map(([what, times]) => `${what} ${times}`)
      .join(', ')}`,
    table(
      ['did', 'times', 'asked again', 'went wrong'],
      KINDS.map((kind) => {
        const { done, repeats, wrong } = crowd.tallies[kind];
        return [kind, done, repeats, wrong];
      }),
    ),
    table(
      ['questions', 'answered', 'of those, nothing found', 'told that it failed', "cite another tenant's text"],
      [[asked, answered, nothingFound, failed, foreign]],
    ),
    table(
      ['answers told', 'kept', 'lost', 'other than told', 'kept, and not told'],
      [[turns.told, turns.kept, turns.lost, turns.different, turns.uncalledFor]],
    ),
    table(
      ['documents', 'indexed', 'failed, and why', 'deleted', 'lost'],
      [[documents.sent, documents.indexed, documents.failed, documents.gone, documents.lost]],
    ),
    `  ${accountingLine(accounting)}`,
    `  ${retrievals.count} searches, ${retrievals.unfiltered} beyond one tenant; ${modelCalls.count} calls of the model, ${modelCalls.unguarded} without guardrail or bound`,
    `  first word after ${duration(firstWord.p50)} (p50), ${duration(firstWord.p99)} (p99), in virtual time, which the code itself takes none of`,
    `  ${walk.callsPerAnswer} AWS calls for an answer that streams; ${callsPerAnswer.toFixed(1)} for a question of the crowd; the stack saw ${duration(took)} go by`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

function conversation({ question, answer, problem }: Told): string {
  const sources = (answer?.citations ?? []).map(({ number, name }) => `\n    [${number}] ${name}`);
  return `  "${question}"\n${wrapped(answer?.answer ?? problem ?? '')}${sources.join('')}`;
}

/** Lines of a width that people read. */
function wrapped(text: string, width = 100): string {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length < width) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `    ${line}`).join('\n');
}

function figuresOf(result: RagResult): DemoResult['figures'] {
  const { walk, crowd, questions, turns, documents, retrievals, modelCalls, miscounted } = result;
  return [
    ['steps of one person that went otherwise', walk.steps.filter(({ wanted, got }) => wanted !== got).length],
    ['answers to the crowd that are wrong', crowd.wrong.length],
    ["answers that cite another tenant's text", questions.foreign],
    ['searches beyond one tenant', retrievals.unfiltered],
    ['calls of the model without guardrail or bound', modelCalls.unguarded],
    ['answers lost, or other than told', turns.lost + turns.different + turns.uncalledFor],
    ['documents lost', documents.lost],
    ['people whose day is counted wrong', miscounted],
  ];
}
