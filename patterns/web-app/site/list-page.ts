import { announce } from '../../../lib/site/announce';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { randomValue } from '../../../lib/site/pkce';
import { siteLink } from '../../../lib/site/site-link';
import { moment } from '../../../lib/site/wording';
import type { ItemSummary } from '../contract';
import { itemForm } from './item-form';
import type { Site } from './page';

/** The items of a person, newest first, and a form for another. */
export async function listPage(site: Site): Promise<Page> {
  const first = await site.api.list();
  const list = element('ul', { class: 'items' }, ...first.items.map((item) => row(site, item)));
  const empty = element(
    'p',
    { class: 'empty', hidden: first.items.length > 0 },
    'Nothing here yet. Add your first item above.',
  );
  let { cursor } = first;

  const more = element(
    'button',
    { type: 'button', hidden: cursor === undefined, click: () => loadMore() },
    'Load more',
  );
  const loadMore = () =>
    site.run(more, async () => {
      const page = await site.api.list(cursor);
      const rows = page.items.map((item) => row(site, item));
      list.append(...rows);
      cursor = page.cursor;
      more.hidden = cursor === undefined;
      announce(`${rows.length} more items`);
      // The button may be gone: what it brought is the place to go on from.
      rows[0]?.querySelector('a')?.focus();
    });

  // One key for each submission: a second try, after an answer that was lost, finds the item of the first.
  let submission = { key: '', content: '' };
  const create = () =>
    site.run(form.submit, async () => {
      const content = JSON.stringify(form.text());
      if (submission.content !== content) submission = { key: randomValue(), content };
      const item = await site.api.create(form.text(), submission.key);
      submission = { key: '', content: '' };
      list.prepend(row(site, item));
      empty.hidden = true;
      form.show({ title: '', notes: '' });
      announce('Item added');
      form.title.focus();
    });
  const form = itemForm('Add item', create);

  const add = element(
    'section',
    { class: 'card', 'aria-labelledby': 'add' },
    element('h2', { id: 'add' }, 'New item'),
    form.form,
  );
  const heading = element('h1', { tabindex: '-1' }, 'Your items');
  return { title: 'Your items', content: [heading, add, empty, list, more] };
}

function row(site: Site, { id, title, updatedAt }: ItemSummary): HTMLLIElement {
  const link = siteLink(site, `/items/${id}`, title);
  return element('li', {}, link, element('time', { class: 'quiet', datetime: updatedAt }, moment(updatedAt)));
}
