import type { Message } from '@aws-sdk/client-bedrock-runtime';
import type { Citation, TokenUsage, Turn } from '../contract';
import type { AdmissionDesk, Ticket } from './admission';
import { AnswerError, modelError, retrievalError, tooLate } from './answer-error';
import type { AnswerMetrics } from './answer-metrics';
import type { Caller } from './caller';
import { CitationFilter, withoutMarkers } from './citations';
import { type ConversationsRepository, NotKept, type RecentTurns } from './conversations-repository';
import { WITHHELD } from './guardrail';
import { historyOf } from './history';
import { type Model, type Reply, replyMessage } from './model';
import { questionMessage } from './prompt';
import type { Question } from './question';
import type { Passage, Retrieval } from './retrieval';
import { type AnswerSettings, toolRoundsOf } from './settings';
import { type Deadline, DeadlinePassed, type Timing } from './timing';
import { reservationOf } from './tokens';
import type { ToolBox } from './tools';
import { wholeTurn } from './turn-item';

/** Characters of a passage that a citation shows. */
const EXCERPT_CHARACTERS = 500;
const NOTHING_FOUND = 'The documents hold nothing about this.';

/** What an answer is made with. */
export interface Answering {
  readonly settings: AnswerSettings;
  readonly desk: AdmissionDesk;
  readonly conversations: ConversationsRepository;
  readonly retrieval: Retrieval;
  readonly model: Model;
  readonly tools: ToolBox;
  readonly timing: Timing;
}

/** Who hears the answer come. */
export interface Listener {
  /** The question was let in; what goes wrong from here on is told in the answer. */
  onAdmitted(): void;
  onText(text: string): void;
  /** What an answer that is not kept counts for in the user's day all the same. */
  onCharged(usage: TokenUsage): void;
  /** Something went wrong that does not change the answer. */
  onTrouble(error: unknown): void;
}

/** An answer without its place in the conversation. */
type NewTurn = Omit<Turn, 'turn'>;

/**
 * Answers a question, once for each key, by five calls of AWS: a transaction that lets it in, beside a query of the last turns; a
 * retrieval; one call of the model; a transaction that keeps the turn. A tool that the model asks for is a call, and so is the model's
 * next reply. Whatever fails in between, nothing of the answer is kept, and the reservation is given back but for what the model has read
 * and written until then (bedrock-token-budget): who asks decides by what they accept, and by when they leave, how an answer ends.
 *
 * @throws Problem before {@link Listener.onAdmitted}; AnswerError or NotKept after it
 */
export async function answerQuestion(
  answering: Answering,
  caller: Caller,
  question: Question,
  deadline: Deadline,
  listener: Listener,
  metrics: AnswerMetrics,
): Promise<Turn> {
  const { desk, conversations, settings } = answering;
  const recently = conversations.recent(caller, question.conversation);
  recently.catch(() => {});
  const reserved = reservationOf(settings.bounds, toolRoundsOf(settings));
  const admission = await desk.admit(caller, question, reserved).catch((error: unknown) => {
    metrics.refused(error);
    throw error;
  });
  if (admission.kind === 'answered') {
    const turn = await wholeTurn(await conversations.turn(caller, question.conversation, admission.turn));
    listener.onAdmitted();
    listener.onText(turn.answer);
    return turn;
  }
  const { ticket } = admission;
  listener.onAdmitted();
  metrics.question();
  const work = new AnswerWork(answering, ticket, deadline, listener, metrics);
  try {
    const recent = await deadline.race(recently);
    const turn = await work.turn(recent);
    return await conversations.append(ticket, recent, turn, work.used);
  } catch (error) {
    if (!(error instanceof NotKept)) metrics.failed(error);
    // Not given back, the tokens stay counted for the day, and the key is free again after a while.
    await desk.giveBack(ticket, work.used).then(
      (isGivenBack) => isGivenBack && work.used > 0 && listener.onCharged(work.usage),
      (failure: unknown) => listener.onTrouble(failure),
    );
    throw error instanceof DeadlinePassed ? tooLate(error) : error;
  }
}

/** The work on one answer, and what it has used so far. */
class AnswerWork {
  private inputTokens = 0;
  private outputTokens = 0;

  constructor(
    private readonly answering: Answering,
    private readonly ticket: Ticket,
    private readonly deadline: Deadline,
    private readonly listener: Listener,
    private readonly metrics: AnswerMetrics,
  ) {}

  get usage(): TokenUsage {
    const { inputTokens, outputTokens } = this;
    return { inputTokens, outputTokens };
  }

  /** Tokens, in and out. */
  get used(): number {
    return this.inputTokens + this.outputTokens;
  }

  async turn(recent: RecentTurns): Promise<NewTurn> {
    const { settings } = this.answering;
    const { caller, question } = this.ticket;
    const [last] = recent.turns;
    const before = last?.outcome === 'blocked' ? undefined : last?.question;
    const passages = await this.passages({ tenant: caller.tenant, question: question.text, before });
    if (passages.length === 0) {
      this.metrics.emptyRetrieval();
      this.listener.onText(NOTHING_FOUND);
      return this.newTurn({ answer: NOTHING_FOUND, outcome: 'nothing_found' });
    }
    const history = await this.deadline.race(historyOf(recent.turns, settings.bounds.maxHistoryTokens));
    const filter = new CitationFilter(passages.length);
    const { reply, text } = await this.replies([...history, questionMessage(question.text, passages)], filter);
    return this.asTurn(reply, text, passages, filter.cited);
  }

  private async passages(request: Parameters<Retrieval['passages']>[0]): Promise<Passage[]> {
    const { retrieval } = this.answering;
    try {
      return await this.deadline.race(retrieval.passages(request, this.deadline.signal));
    } catch (error) {
      throw retrievalError(error);
    }
  }

  /** The model's reply, after as many rounds of tools as it may have. */
  private async replies(messages: Message[], filter: CitationFilter): Promise<{ reply: Reply; text: string }> {
    const { model, tools, settings } = this.answering;
    let text = '';
    const show = (shown: string) => {
      if (shown === '') return;
      text += shown;
      this.listener.onText(shown);
    };
    for (let rounds = toolRoundsOf(settings); ; rounds -= 1) {
      const reply = await this.reply(model, messages, (piece) => show(filter.push(piece)));
      show(filter.end());
      if (reply.stopReason !== 'tool_use' || reply.toolUses.length === 0) return { reply, text };
      if (rounds <= 0)
        throw new AnswerError(502, 'too_many_tools', 'The model asked for tools again and again.', { retryable: true });
      const results = await this.deadline.race(tools.results(reply.toolUses, this.ticket.caller, this.deadline));
      messages.push(replyMessage(reply, tools), results);
    }
  }

  private async reply(model: Model, messages: readonly Message[], onText: (text: string) => void): Promise<Reply> {
    const { tools } = this.answering;
    const onUsage = (usage: TokenUsage) => {
      this.inputTokens += usage.inputTokens;
      this.outputTokens += usage.outputTokens;
      if (usage.inputTokens + usage.outputTokens > 0) this.metrics.usage(usage);
    };
    try {
      return await model.reply(messages, tools, this.deadline, {
        onText,
        onUsage,
        onThrottle: () => this.metrics.throttled(),
      });
    } catch (error) {
      throw modelError(error);
    }
  }

  private asTurn(reply: Reply, text: string, passages: readonly Passage[], cited: ReadonlySet<number>): NewTurn {
    const { guardrail, stopReason, pieces } = reply;
    if (guardrail.action !== 'none') this.metrics.intervention();
    if (guardrail.action === 'blocked') {
      // One piece alone is the guardrail's own message, unless the model's filter spoke; after others it cannot be told where that begins.
      const isOwn = stopReason !== 'content_filtered' && (guardrail.of === 'question' || pieces === 1);
      const own = isOwn ? withoutMarkers(reply.text).trim() : '';
      return this.newTurn({ answer: own === '' ? WITHHELD : own, outcome: 'blocked', guardrail });
    }
    if (text.trim() === '' || stopReason.startsWith('malformed')) {
      throw new AnswerError(502, 'answer_broke_off', 'The model said nothing that makes sense; ask again.', {
        retryable: true,
      });
    }
    const isCut = stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded';
    const citations = [...cited].sort((a, b) => a - b).flatMap((number) => citationOf(number, passages) ?? []);
    return this.newTurn({ answer: text, citations, guardrail, outcome: isCut ? 'length' : 'complete' });
  }

  private newTurn(answer: Pick<NewTurn, 'answer' | 'outcome'> & Partial<NewTurn>): NewTurn {
    return {
      question: this.ticket.question.text,
      at: new Date(this.answering.timing.now()).toISOString(),
      citations: [],
      guardrail: { action: 'none' },
      ...answer,
      usage: this.usage,
    };
  }
}

function citationOf(number: number, passages: readonly Passage[]): Citation | undefined {
  const passage = passages[number - 1];
  if (passage === undefined) return undefined;
  const { documentId, name, text } = passage;
  return { number, documentId, name, excerpt: [...text].slice(0, EXCERPT_CHARACTERS).join('') };
}
