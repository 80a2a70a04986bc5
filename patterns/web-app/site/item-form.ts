import { element } from '../../../lib/site/element';
import type { Item } from '../contract';
import type { ItemText } from './items-api';

/** Fields of an item; the API checks the same bounds. */
export interface ItemForm {
  readonly form: HTMLFormElement;
  readonly submit: HTMLButtonElement;
  readonly title: HTMLInputElement;
  text(): ItemText;
  show(text: ItemText): void;
}

/** Makes the form of a new item, or of one that is there. */
export function itemForm(label: string, onSubmit: () => void, item?: Pick<Item, 'title' | 'notes'>): ItemForm {
  const title = element('input', { id: 'title', required: true, maxlength: '200', autocomplete: 'off' });
  // The API takes 16,384 bytes, which 5,000 characters never pass: a field counts in UTF-16, of at most three bytes each.
  const notes = element('textarea', { id: 'notes', rows: '3', maxlength: '5000' });
  const submit = element('button', { type: 'submit', class: 'primary' }, label);
  const submitted = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  const form = element(
    'form',
    { submit: submitted },
    element('label', { for: 'title' }, 'Title'),
    title,
    element('label', { for: 'notes' }, 'Notes ', element('span', { class: 'quiet' }, '(optional)')),
    notes,
    element('div', { class: 'actions' }, submit),
  );
  const show = (text: ItemText) => {
    title.value = text.title;
    notes.value = text.notes;
  };
  if (item !== undefined) show(item);
  return { form, submit, title, show, text: () => ({ title: title.value.trim(), notes: notes.value }) };
}
