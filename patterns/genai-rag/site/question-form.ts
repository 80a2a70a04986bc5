import { element } from '../../../lib/site/element';
import { LONGEST_QUESTION } from '../contract';

/** Where a question is typed, and where its answer is stopped. */
export class QuestionForm {
  readonly form: HTMLFormElement;
  private readonly field = element('textarea', {
    id: 'question',
    rows: '3',
    required: true,
    // Counts in UTF-16, of which a character has one or two: never more than the API takes.
    maxlength: String(LONGEST_QUESTION),
    'aria-describedby': 'keys',
  });
  private readonly ask = element('button', { type: 'submit', class: 'primary' }, 'Ask');
  private readonly stop = element('button', { type: 'button', hidden: true }, 'Stop');

  /**
   * @param onAsk hears of a question; the field is empty then
   * @param onStop hears that the answer is not wanted any more
   */
  constructor(onAsk: (question: string) => void, onStop: () => void) {
    this.stop.addEventListener('click', onStop);
    const submitted = (event: Event) => {
      event.preventDefault();
      const question = this.field.value.trim();
      if (question === '' || this.busy) return;
      this.field.value = '';
      onAsk(question);
    };
    const pressed = (event: Event) => {
      // While a word is being composed, Enter ends the word.
      const sends = event instanceof KeyboardEvent && event.key === 'Enter' && !event.shiftKey && !event.isComposing;
      if (!sends) return;
      event.preventDefault();
      this.form.requestSubmit();
    };
    this.field.addEventListener('keydown', pressed);
    this.form = element(
      'form',
      { class: 'card', submit: submitted },
      element('label', { for: 'question' }, 'Your question'),
      this.field,
      element('p', { id: 'keys', class: 'quiet' }, 'Enter asks; Shift and Enter begin a new line.'),
      element('div', { class: 'actions' }, this.ask, this.stop),
    );
  }

  /** While a question is answered, none other is asked. */
  get busy(): boolean {
    return !this.stop.hidden;
  }

  set busy(busy: boolean) {
    const [shown, hidden] = busy ? [this.stop, this.ask] : [this.ask, this.stop];
    const focused = document.activeElement === hidden;
    shown.hidden = false;
    hidden.hidden = true;
    // What had the focus is gone: what stands in its place takes it, and after an answer the next question does.
    if (focused) (busy ? shown : this.field).focus();
  }

  /** Gives back a question that was not answered, unless another is being typed. */
  giveBack(question: string): void {
    if (this.field.value === '') this.field.value = question;
  }

  focus(): void {
    this.field.focus();
  }
}
