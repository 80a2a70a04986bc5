import { confirmDialog } from '../../../lib/site/confirm-dialog';
import { downloadFile } from '../../../lib/site/download-file';
import { element } from '../../../lib/site/element';
import { fileSize, moment } from '../../../lib/site/wording';
import type { DocumentStatus, RagDocument } from '../contract';
import type { RagSite } from './rag-site';

const STATUS: Readonly<Record<DocumentStatus, string>> = {
  waiting: 'waiting for the upload',
  pending: 'being ingested',
  indexed: 'ready for questions',
  failed: 'not read',
  deleting: 'being deleted',
};

/** A document of the list. */
export class DocumentRow {
  readonly row: HTMLLIElement;
  private readonly status = element('span', { class: 'quiet' });
  private readonly download: HTMLButtonElement;
  private readonly remove: HTMLButtonElement;

  /** @param onRemoved hears that the person has had it deleted */
  constructor(
    private readonly site: RagSite,
    private document: RagDocument,
    private readonly onRemoved: (row: DocumentRow) => void,
  ) {
    const { name } = document;
    this.download = element('button', { type: 'button', click: () => this.fetch() }, 'Download');
    this.download.setAttribute('aria-label', `Download ${name}`);
    this.remove = element('button', { type: 'button', class: 'danger', click: () => this.ask() }, 'Delete');
    this.remove.setAttribute('aria-label', `Delete ${name}`);
    const buttons = element('span', { class: 'buttons' }, this.download, this.remove);
    this.row = element('li', {}, element('span', { class: 'name' }, name), this.status, buttons);
    this.show(document);
  }

  get id(): string {
    return this.document.id;
  }

  get createdAt(): string {
    return this.document.createdAt;
  }

  /** Whether what is shown of it will change by itself. */
  get unsettled(): boolean {
    return ['waiting', 'pending', 'deleting'].includes(this.document.status);
  }

  get deleting(): boolean {
    return this.document.status === 'deleting';
  }

  /** @returns what there is to tell, when its status is another now */
  show(document: RagDocument): string | undefined {
    // What is deleted does not come back; a list that lags behind says so for a while.
    if (this.deleting && document.status !== 'deleting') return undefined;
    const changed = document.status !== this.document.status;
    this.document = document;
    const { name, status, reason, size, createdAt } = document;
    const said = reason === undefined ? STATUS[status] : `${STATUS[status]}: ${reason}`;
    this.status.textContent = `${fileSize(size)}, ${moment(createdAt)}, ${said}`;
    this.row.className = status;
    this.download.hidden = status !== 'indexed';
    this.remove.hidden = status === 'deleting';
    return changed ? `${name} is ${said}` : undefined;
  }

  private ask(): void {
    const confirm = confirmDialog(this.site, {
      question: `Delete “${this.document.name}”?`,
      consequence: 'It is deleted for everyone who can see it, and no answer will use it. This cannot be undone.',
      label: 'Delete document',
      action: async () => {
        await this.site.api.removeDocument(this.id);
        this.show({ ...this.document, status: 'deleting' });
      },
    });
    confirm.addEventListener('close', () => {
      confirm.remove();
      if (this.deleting) this.onRemoved(this);
    });
    this.row.append(confirm);
    confirm.showModal();
  }

  private fetch(): Promise<void> {
    return this.site.run(this.download, async () => {
      const { download } = await this.site.api.document(this.id);
      if (download === undefined) throw new Error(`“${this.document.name}” cannot be downloaded.`);
      downloadFile(download.url, this.document.name);
    });
  }
}
