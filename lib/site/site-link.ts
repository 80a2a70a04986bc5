import { element } from './element';
import type { SiteControl } from './page';

/** A link to a path of this site, which opens without a load. */
export function siteLink(site: Pick<SiteControl, 'open'>, path: string, text: string): HTMLAnchorElement {
  const open = (event: Event) => {
    // With a key held down, a link opens elsewhere: that is the browser's.
    if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    site.open(path);
  };
  return element('a', { href: path, click: open }, text);
}
