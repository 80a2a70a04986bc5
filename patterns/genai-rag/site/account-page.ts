import { announce } from '../../../lib/site/announce';
import { confirmDialog } from '../../../lib/site/confirm-dialog';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { moment } from '../../../lib/site/wording';
import type { RagSite } from './rag-site';
import { usageText } from './usage-line';

/** What a person has used of the day, and the way to have all of theirs deleted. */
export async function accountPage(site: RagSite, leave: AbortSignal): Promise<Page> {
  const { usage } = await site.api.me();
  const used = element('progress', {
    max: String(usage.limit),
    value: String(Math.min(usage.tokens, usage.limit)),
    'aria-label': 'Tokens used today',
  });
  const confirm = confirmDialog(site, {
    question: 'Delete all your conversations?',
    consequence: 'All questions that you asked and their answers are deleted. This cannot be undone.',
    label: 'Delete my data',
    action: async () => {
      // Each answer says whether there is more: a request deletes what it has the time for.
      while (!leave.aborted && !(await site.api.forgetMe()).done);
      if (!leave.aborted) announce('Your conversations are deleted');
    },
  });
  const ask = () => confirm.showModal();
  return {
    title: 'Your account',
    content: [
      element('h1', { tabindex: '-1' }, 'Your account'),
      element(
        'section',
        { class: 'card', 'aria-labelledby': 'usage' },
        element('h2', { id: 'usage' }, 'Usage'),
        element('p', {}, usageText(usage.tokens, usage.limit)),
        used,
        element('p', { class: 'quiet' }, `The count begins anew on ${moment(usage.resetsAt)}.`),
      ),
      element(
        'section',
        { class: 'card', 'aria-labelledby': 'data' },
        element('h2', { id: 'data' }, 'Your data'),
        element(
          'p',
          {},
          'Only you can see your conversations. Documents are shared by everyone who can see them, and are kept.',
        ),
        element('button', { type: 'button', class: 'danger', click: ask }, 'Delete my data'),
      ),
      confirm,
    ],
  };
}
