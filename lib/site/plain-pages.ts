import { element } from './element';
import type { Page, SiteControl } from './page';

/** What an address shows that leads nowhere. @param home what the way back is called */
export function missingPage(site: SiteControl, home: string): Page {
  const back = element('button', { type: 'button', click: () => site.open('/') }, home);
  return {
    title: 'Not found',
    content: [element('h1', { tabindex: '-1' }, 'Page not found'), back],
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
