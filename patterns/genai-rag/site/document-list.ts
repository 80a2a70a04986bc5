import { announce, mention } from '../../../lib/site/announce';
import { element } from '../../../lib/site/element';
import type { DocumentPage, RagDocument } from '../contract';
import { DocumentRow } from './document-row';
import type { RagSite } from './rag-site';

/** Documents are read within minutes; a page that stays open asks less and less often, and in the end no more. */
const FIRST_LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const LOOKS = 100;

/** The documents, newest first, kept current while one of them is to change. */
export class DocumentList {
  readonly content: readonly Node[];
  private readonly list = element('ul', { class: 'files' });
  private readonly empty = element('p', { class: 'empty' }, 'No documents yet. Upload the first above.');
  private readonly more = element('button', { type: 'button', click: () => this.loadMore() }, 'Load more');
  private readonly rows = new Map<string, DocumentRow>();
  /** What the list did not have when it was last read. */
  private readonly missed = new Set<string>();
  private cursor: string | undefined;
  private watch = new AbortController();

  /** @param onRemoved hears that a row's button has gone, and the focus with it */
  constructor(
    private readonly site: RagSite,
    first: DocumentPage,
    private readonly leave: AbortSignal,
    private readonly onRemoved: () => void,
  ) {
    this.content = [this.empty, this.list, this.more];
    this.append(first);
    this.follow();
  }

  /** Shows a document that was just uploaded. */
  add(document: RagDocument): void {
    this.place(document);
    this.follow();
  }

  private loadMore(): Promise<void> {
    return this.site.run(this.more, async () => {
      const page = await this.site.api.documents(this.cursor);
      const last = this.list.lastElementChild;
      this.append(page);
      announce(`${page.documents.length} more documents`);
      last?.nextElementSibling?.querySelector('button')?.focus();
      this.follow();
    });
  }

  private append({ documents, cursor }: DocumentPage): void {
    for (const document of documents) this.place(document);
    this.cursor = cursor;
    this.more.hidden = cursor === undefined;
    this.showEmpty();
  }

  /** Shows what is known of a document now, in its place by age. */
  private place(document: RagDocument): string | undefined {
    const known = this.rows.get(document.id);
    if (known !== undefined) return known.show(document);
    const made = new DocumentRow(this.site, document, () => {
      this.onRemoved();
      announce(`${document.name} is being deleted`);
      this.follow();
    });
    const older = [...this.rows.values()].filter(({ createdAt }) => createdAt < document.createdAt);
    const next = older.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
    this.list.insertBefore(made.row, next?.row ?? null);
    this.rows.set(document.id, made);
    this.showEmpty();
    return undefined;
  }

  private showEmpty(): void {
    this.empty.hidden = this.rows.size > 0;
  }

  private follow(): void {
    this.watch.abort();
    this.watch = new AbortController();
    void this.look(AbortSignal.any([this.leave, this.watch.signal]));
  }

  private async look(end: AbortSignal): Promise<void> {
    let pause = FIRST_LOOK_MS;
    for (let look = 0; look < LOOKS; look += 1) {
      if (![...this.rows.values()].some(({ unsettled }) => unsettled)) return;
      await new Promise((resume) => setTimeout(resume, pause));
      if (end.aborted) return;
      pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
      if (document.hidden) continue;
      // A look that failed is no answer: the next may be one.
      const told = await this.refresh(end).catch(() => []);
      if (end.aborted) return;
      if (told.length > 0) mention(told.join('\n'));
    }
  }

  /** Reads the list again, as far as the oldest document that may have changed. @returns what there is to tell */
  private async refresh(end: AbortSignal): Promise<string[]> {
    const unsettled = [...this.rows.values()].filter((row) => row.unsettled);
    const [oldest = ''] = unsettled.map(({ createdAt }) => createdAt).sort();
    const found: RagDocument[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.site.api.documents(cursor);
      found.push(...page.documents);
      cursor = page.cursor;
    } while (cursor !== undefined && (found.at(-1)?.createdAt ?? '') >= oldest);
    if (end.aborted) return [];
    const told = found.map((document) => this.place(document)).filter((text) => text !== undefined);
    const there = new Set(found.map(({ id }) => id));
    for (const row of unsettled.filter(({ id }) => !there.has(id))) {
      // A list lags behind: what was only just added may not be in it yet, and is when it is missed again.
      if (!row.deleting && !this.missed.delete(row.id)) {
        this.missed.add(row.id);
        continue;
      }
      row.row.remove();
      this.rows.delete(row.id);
    }
    this.showEmpty();
    return told;
  }
}
