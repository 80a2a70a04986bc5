import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';

/** What someone sees who is not signed in. */
export function welcomePage(signIn: () => void): Page {
  return {
    title: 'Items',
    content: [
      element('h1', { tabindex: '-1' }, 'Keep your items and their files in one place'),
      element('p', {}, 'Sign in to see your items. No one else can see them.'),
      element('button', { type: 'button', class: 'primary', click: signIn }, 'Sign in'),
    ],
  };
}
