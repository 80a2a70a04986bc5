import { element } from './element';
import type { SiteControl } from './page';

/** What cannot be undone, and is asked about first. */
export interface Confirmation {
  /** The question. */
  readonly question: string;
  /** What comes of it. */
  readonly consequence: string;
  /** What the button is called that does it. */
  readonly label: string;
  /** Does it. The dialog closes when it ends, well or not. */
  readonly action: () => Promise<void>;
}

/** A dialog that asks before it does something. `showModal()` opens it; the focus begins at the way out. */
export function confirmDialog(site: Pick<SiteControl, 'run'>, confirmation: Confirmation): HTMLDialogElement {
  const { question, consequence, label, action } = confirmation;
  const dialog = element('dialog', { 'aria-label': question });
  const close = () => dialog.close();
  const really = element('button', { type: 'button', class: 'danger' }, label);
  really.addEventListener('click', () => site.run(really, () => action().finally(close)));
  dialog.append(
    element('h2', {}, question),
    element('p', {}, consequence),
    element('div', { class: 'actions' }, element('button', { type: 'button', click: close }, 'Keep it'), really),
  );
  return dialog;
}
