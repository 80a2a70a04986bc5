import { element } from '../../../lib/site/element';
import type { Page, Site } from './page';

/** What somebody sees who is not signed in. */
export function welcomePage(signIn: () => void): Page {
  return {
    title: 'Items',
    content: [
      element('h1', { tabindex: '-1' }, 'Keep your items and their files in one place'),
      element('p', {}, 'Sign in to see what is yours. Nobody else can.'),
      element('button', { type: 'button', class: 'primary', click: signIn }, 'Sign in'),
    ],
  };
}

/** What an address shows that leads nowhere. */
export function missingPage(site: Site): Page {
  const home = element('button', { type: 'button', click: () => site.open('/') }, 'All items');
  return {
    title: 'Not found',
    content: [element('h1', { tabindex: '-1' }, 'There is no such page'), home],
  };
}

/** What stands where a page could not be loaded; why is said above. */
export function failedPage(tryAgain: () => void): Page {
  const again = element('button', { type: 'button', click: tryAgain }, 'Try again');
  return {
    title: 'Not loaded',
    content: [element('h1', { tabindex: '-1' }, 'This page could not be loaded'), again],
  };
}
