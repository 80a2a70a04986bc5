import { downloadFile } from '../../../lib/site/download-file';
import { element } from '../../../lib/site/element';
import type { Citation } from '../contract';
import type { RagSite } from './rag-site';

/** What an answer stands on: each passage opens, and leads to its document. */
export class Sources {
  readonly section = element('section', { class: 'sources', hidden: true });
  private readonly passages = new Map<number, HTMLDetailsElement>();

  constructor(private readonly site: RagSite) {}

  show(citations: readonly Citation[]): void {
    this.passages.clear();
    for (const citation of citations) this.passages.set(citation.number, this.passage(citation));
    this.section.replaceChildren(element('h3', {}, 'Sources'), ...this.passages.values());
    this.section.hidden = citations.length === 0;
  }

  /** The text with each marker of a source made a button that opens it. */
  linked(text: string): readonly (Node | string)[] {
    // Every second part is the number of a marker.
    return text.split(/\[(\d{1,3})\]/).map((part, index) => {
      if (index % 2 === 0) return part;
      const passage = this.passages.get(Number(part));
      if (passage === undefined) return `[${part}]`;
      const open = () => {
        passage.open = true;
        passage.querySelector('summary')?.focus();
      };
      return element('button', { type: 'button', class: 'marker', 'aria-label': `Source ${part}`, click: open }, part);
    });
  }

  private passage({ number, documentId, name, excerpt }: Citation): HTMLDetailsElement {
    const fetch = () =>
      this.site.run(button, async () => {
        const { download } = await this.site.api.document(documentId);
        if (download === undefined) throw new Error(`“${name}” can no longer be downloaded.`);
        downloadFile(download.url, name);
      });
    const button = element('button', { type: 'button', click: fetch }, 'Download the document');
    button.setAttribute('aria-label', `Download ${name}`);
    return element(
      'details',
      {},
      element('summary', {}, element('span', { class: 'number' }, String(number)), ` ${name}`),
      element('blockquote', {}, excerpt),
      button,
    );
  }
}
