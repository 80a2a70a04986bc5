import { announce, clearMessages, warn } from '../../../lib/site/announce';
import { ApiProblem } from '../../../lib/site/api-client';
import { confirmDialog } from '../../../lib/site/confirm-dialog';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { siteLink } from '../../../lib/site/site-link';
import { moment } from '../../../lib/site/wording';
import { attachmentsSection } from './attachments';
import { itemForm } from './item-form';
import type { Site } from './page';

/** One item: its text, which may be changed, and its files. */
export async function itemPage(site: Site, id: string, leave: AbortSignal): Promise<Page> {
  let item = await site.api.get(id);
  const heading = element('h1', { tabindex: '-1' }, item.title);
  const changed = element('p', { class: 'quiet' });
  const show = () => {
    heading.textContent = item.title;
    document.title = item.title;
    changed.textContent = `Version ${item.version}, changed ${moment(item.updatedAt)}`;
  };
  show();

  const save = () =>
    site.run(form.submit, async () => {
      try {
        item = { ...item, ...(await site.api.update(item, form.text())) };
      } catch (error) {
        if (!(error instanceof ApiProblem && error.status === 412)) throw error;
        warn('This item was changed elsewhere after you opened it. Your changes were not saved.', reload);
        return;
      }
      show();
      announce('Saved');
    });
  const form = itemForm('Save', save, item);

  const loadLatest = () =>
    site.run(reload, async () => {
      item = await site.api.get(id);
      form.show(item);
      show();
      clearMessages();
      announce('This is the latest version');
      form.title.focus();
    });
  const reload = element('button', { type: 'button', click: loadLatest }, 'Load the latest version');

  const confirm = confirmDialog(site, {
    question: 'Delete this item?',
    consequence: 'Its files are deleted with it. This cannot be undone.',
    label: 'Delete item',
    action: async () => {
      await site.api.remove(id);
      site.open('/');
      announce('Item deleted');
    },
  });
  const remove = element('button', { type: 'button', class: 'danger', click: () => confirm.showModal() }, 'Delete');
  form.submit.after(remove);

  const text = element('section', { class: 'card', 'aria-label': 'Text' }, form.form, changed);
  const crumbs = element('nav', { 'aria-label': 'Back' }, siteLink(site, '/', 'All items'));
  return { title: item.title, content: [heading, crumbs, text, attachmentsSection(site, item, leave), confirm] };
}
