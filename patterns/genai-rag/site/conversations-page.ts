import { announce } from '../../../lib/site/announce';
import { confirmDialog } from '../../../lib/site/confirm-dialog';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { siteLink } from '../../../lib/site/site-link';
import { moment } from '../../../lib/site/wording';
import type { ConversationSummary } from '../contract';
import type { RagSite } from './rag-site';

/** The conversations of a person, the newest first. */
export async function conversationsPage(site: RagSite): Promise<Page> {
  const first = await site.api.conversations();
  const heading = element('h1', { tabindex: '-1' }, 'Your conversations');
  const list = element('ul', { class: 'items' });
  const empty = element('p', { class: 'empty' }, 'Nothing here yet. Your first question begins a conversation.');
  const dialogs = element('div');
  let { cursor } = first;

  const show = (conversations: readonly ConversationSummary[]) => {
    const rows = conversations.map((conversation) => row(conversation));
    list.append(...rows);
    empty.hidden = list.childElementCount > 0;
    more.hidden = cursor === undefined;
    return rows;
  };
  const row = ({ id, title, updatedAt }: ConversationSummary) => {
    const confirm = confirmDialog(site, {
      question: `Delete “${title}”?`,
      consequence: 'Its questions and answers are deleted. This cannot be undone.',
      label: 'Delete conversation',
      action: async () => {
        await site.api.removeConversation(id);
        item.remove();
        empty.hidden = list.childElementCount > 0 || !more.hidden;
        announce('Conversation deleted');
        gone = true;
      },
    });
    let gone = false;
    // The dialog gives the focus back to a button that went with its row.
    confirm.addEventListener('close', () => gone && heading.focus());
    const ask = () => confirm.showModal();
    const remove = element('button', { type: 'button', class: 'danger', click: ask }, 'Delete');
    remove.setAttribute('aria-label', `Delete ${title}`);
    const when = element('time', { class: 'quiet', datetime: updatedAt }, moment(updatedAt));
    dialogs.append(confirm);
    const item = element('li', {}, siteLink(site, `/conversations/${id}`, title), when, remove);
    return item;
  };
  const more = element('button', { type: 'button', click: () => loadMore() }, 'Load more');
  const loadMore = () =>
    site.run(more, async () => {
      const page = await site.api.conversations(cursor);
      cursor = page.cursor;
      const rows = show(page.conversations);
      announce(`${rows.length} more conversations`);
      rows[0]?.querySelector('a')?.focus();
    });
  show(first.conversations);
  return { title: 'Your conversations', content: [heading, empty, list, more, dialogs] };
}
