import { ApiProblem } from '../../../lib/site/api-client';
import { element } from '../../../lib/site/element';
import type { Answer, GuardrailOutcome, TokenUsage, Turn } from '../contract';
import type { AnswerEvent } from './rag-api';
import type { RagSite } from './rag-site';
import { Sources } from './sources';

const number = new Intl.NumberFormat();

/** A question and its answer, as they are kept or while they come. */
export class Exchange {
  readonly item: HTMLLIElement;
  readonly heading: HTMLHeadingElement;
  private readonly answer = element('div', { class: 'answer' });
  private readonly note = element('p', { class: 'note', hidden: true });
  private readonly problem = element('div', { class: 'problem', hidden: true });
  private readonly usage = element('p', { class: 'quiet' });
  private readonly sources: Sources;
  /** What the answer says so far. */
  private said = '';
  private guardrail: GuardrailOutcome = { action: 'none' };

  constructor(
    site: RagSite,
    readonly question: string,
  ) {
    this.sources = new Sources(site);
    this.heading = element('h2', { tabindex: '-1' }, question);
    this.item = element('li', {}, this.heading, this.answer, this.note, this.problem, this.sources.section, this.usage);
  }

  /** One that was kept. */
  static of(site: RagSite, turn: Turn): Exchange {
    const exchange = new Exchange(site, turn.question);
    exchange.said = turn.answer;
    exchange.guardrail = turn.guardrail;
    exchange.sources.show(turn.citations);
    exchange.showUsage(turn.usage);
    exchange.finish(turn.outcome);
    return exchange;
  }

  /** The text of the answer. */
  get text(): string {
    return this.said;
  }

  /** The answer is about to come; whatever an earlier try showed is void. */
  begin(): void {
    this.said = '';
    this.guardrail = { action: 'none' };
    this.answer.replaceChildren();
    this.sources.show([]);
    this.usage.replaceChildren();
    this.note.hidden = true;
    this.problem.hidden = true;
    this.answer.classList.add('streaming');
  }

  take(event: AnswerEvent): void {
    switch (event.name) {
      case 'token':
        this.said += event.data.text;
        this.answer.append(event.data.text);
        break;
      case 'citations':
        this.sources.show(event.data.citations);
        break;
      case 'guardrail':
        this.guardrail = event.data;
        if (event.data.action === 'blocked') this.said = event.data.text ?? '';
        this.answer.replaceChildren(this.said);
        break;
      case 'usage':
        this.showUsage(event.data);
        break;
      case 'done':
        this.finish(event.data.outcome);
    }
  }

  /** The answer ended early. @param again asks once more; without it, that is of no use */
  fail(error: unknown, again?: () => void): void {
    const requestId = error instanceof ApiProblem && error.status >= 500 ? error.requestId : undefined;
    this.end(error instanceof Error ? error.message : String(error), again);
    if (requestId) this.problem.append(element('p', { class: 'quiet' }, `Request ${requestId}`));
  }

  /** The person stopped the answer. */
  stop(again: () => void): void {
    this.end('You stopped this answer. It may have been saved: try again to see it.', again);
  }

  private end(text: string, again?: () => void): void {
    this.answer.classList.remove('streaming');
    const retry = again === undefined ? [] : [element('button', { type: 'button', click: again }, 'Try again')];
    this.problem.replaceChildren(element('p', {}, text), ...retry);
    this.problem.hidden = false;
  }

  private finish(outcome: Answer['outcome']): void {
    this.answer.classList.remove('streaming');
    this.answer.replaceChildren(...this.sources.linked(this.said));
    const note = noteOf(outcome, this.guardrail);
    this.note.textContent = note;
    this.note.hidden = note === '';
  }

  private showUsage({ inputTokens, outputTokens }: TokenUsage): void {
    const [read, written] = [number.format(inputTokens), number.format(outputTokens)];
    this.usage.textContent = `${read} tokens read, ${written} written`;
  }
}

/** What a reader should know of an answer beside its text. */
function noteOf(outcome: Answer['outcome'], { action, of }: GuardrailOutcome): string {
  if (action === 'blocked') return `The guardrail blocked ${of === 'question' ? 'the question' : 'the answer'}.`;
  const masked = action === 'masked' ? 'Personal data was hidden in this answer. ' : '';
  if (outcome === 'length') return `${masked}The answer ends here because it reached the maximum length.`;
  if (outcome === 'nothing_found') return `${masked}No passage of the documents matches the question.`;
  return masked.trim();
}
