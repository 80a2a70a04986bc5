import { element } from './element';

/** Fetches a file. Its answer says that it is an attachment, so that the page stays. */
export function downloadFile(url: string, name: string): void {
  element('a', { href: url, download: name }).click();
}
