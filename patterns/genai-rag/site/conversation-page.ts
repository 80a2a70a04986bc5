import { announce, clearMessages } from '../../../lib/site/announce';
import { confirmDialog } from '../../../lib/site/confirm-dialog';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { randomValue } from '../../../lib/site/pkce';
import { SignedOut } from '../../../lib/site/sign-in';
import { uuidV7 } from '../../../lib/site/uuid';
import type { Conversation } from '../contract';
import { Exchange } from './exchange';
import { QuestionForm } from './question-form';
import { type Asked, mayRepeat } from './rag-api';
import type { RagSite } from './rag-site';
import { speak } from './spoken';
import { UsageLine } from './usage-line';

/** Characters of a question that name its conversation. */
const TITLE_LENGTH = 80;

/** Where a conversation begins. */
export function newConversationPage(site: RagSite, leave: AbortSignal): Page {
  return new ConversationView(site, leave, uuidV7()).page();
}

/** A conversation: the newest question first, as it is asked for at the top. */
export async function conversationPage(site: RagSite, id: string, leave: AbortSignal): Promise<Page> {
  return new ConversationView(site, leave, id, await site.api.conversation(id)).page();
}

class ConversationView {
  private readonly heading = element('h1', { tabindex: '-1' });
  private readonly list = element('ol', { class: 'exchanges' });
  private readonly usage: UsageLine;
  private readonly form: QuestionForm;
  private readonly earlier: HTMLButtonElement;
  private readonly confirm: HTMLDialogElement;
  private readonly remove: HTMLButtonElement;
  private cursor: string | undefined;
  private stop = new AbortController();

  constructor(
    private readonly site: RagSite,
    private readonly leave: AbortSignal,
    private readonly id: string,
    kept?: Conversation,
  ) {
    this.heading.textContent = kept?.title ?? 'Ask your documents';
    this.usage = new UsageLine(site);
    this.form = new QuestionForm(
      (question) => this.begin(question),
      () => this.stop.abort(),
    );
    this.earlier = element('button', { type: 'button', click: () => this.loadEarlier() }, 'Earlier questions');
    this.confirm = confirmDialog(site, {
      question: 'Delete this conversation?',
      consequence: 'Its questions and answers are deleted. This cannot be undone.',
      label: 'Delete conversation',
      action: async () => {
        await site.api.removeConversation(id);
        site.open('/conversations');
        announce('Conversation deleted');
      },
    });
    const ask = () => this.confirm.showModal();
    this.remove = element('button', { type: 'button', class: 'danger', click: ask }, 'Delete conversation');
    this.remove.hidden = kept === undefined;
    this.list.append(...this.exchangesOf(kept).map(({ item }) => item));
  }

  page(): Page {
    const { heading, form, usage, list, earlier, remove, confirm } = this;
    return {
      title: heading.textContent ?? '',
      content: [heading, form.form, usage.line, list, element('div', { class: 'actions' }, earlier, remove), confirm],
    };
  }

  private begin(question: string): void {
    clearMessages();
    const exchange = new Exchange(this.site, question);
    this.list.prepend(exchange.item);
    void this.ask(exchange, { conversation: this.id, question, key: randomValue() });
  }

  private async ask(exchange: Exchange, asked: Asked): Promise<void> {
    this.stop = new AbortController();
    const stopped = this.stop.signal;
    const again = () => {
      if (this.form.busy) return;
      this.form.focus();
      void this.ask(exchange, asked);
    };
    this.form.busy = true;
    exchange.begin();
    speak('The answer is being written.');
    try {
      for await (const event of this.site.api.ask(asked, AbortSignal.any([this.leave, stopped]))) {
        exchange.take(event);
        if (event.name === 'usage') this.usage.show(event.data.dailyTokens, event.data.dailyLimit);
      }
      speak(exchange.text);
      this.begun(asked.question);
    } catch (error) {
      if (this.leave.aborted) return;
      speak('');
      if (stopped.aborted) exchange.stop(again);
      else this.failed(exchange, error, again);
    } finally {
      this.form.busy = false;
    }
  }

  private failed(exchange: Exchange, error: unknown, again: () => void): void {
    const repeats = mayRepeat(error);
    exchange.fail(error, repeats ? again : undefined);
    if (!repeats) this.form.giveBack(exchange.question);
    // The exchange says what else went wrong, and a screen reader hears of it here.
    if (error instanceof SignedOut) this.site.complain(error);
    else speak(error instanceof Error ? error.message : String(error));
  }

  /** The conversation is kept from its first answer on, and has an address. */
  private begun(question: string): void {
    if (!this.remove.hidden) return;
    this.remove.hidden = false;
    const title = [...question].slice(0, TITLE_LENGTH).join('');
    this.heading.textContent = title;
    document.title = title;
    this.site.moved(`/conversations/${this.id}`);
  }

  private loadEarlier(): Promise<void> {
    return this.site.run(this.earlier, async () => {
      const exchanges = this.exchangesOf(await this.site.api.conversation(this.id, this.cursor));
      this.list.append(...exchanges.map(({ item }) => item));
      announce(`${exchanges.length} earlier questions`);
      // The button may be gone: what it brought is the place to go on from.
      exchanges[0]?.heading.focus();
    });
  }

  private exchangesOf(kept: Conversation | undefined): Exchange[] {
    this.cursor = kept?.cursor;
    this.earlier.hidden = this.cursor === undefined;
    return (kept?.turns ?? []).map((turn) => Exchange.of(this.site, turn));
  }
}
