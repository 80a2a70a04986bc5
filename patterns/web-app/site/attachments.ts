import { announce, warn } from '../../../lib/site/announce';
import { downloadFile } from '../../../lib/site/download-file';
import { element } from '../../../lib/site/element';
import { FileUpload } from '../../../lib/site/file-upload';
import { fileSize } from '../../../lib/site/wording';
import type { Attachment, Item } from '../contract';
import { AttachmentTransfer } from './attachment-transfer';
import { ACCEPTED, uploadType } from './file-type';
import type { Site } from './page';

/** A file is looked at within seconds; a page that stays open asks less and less often. */
const FIRST_LOOK_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const LOOKS = 30;

const STATUS: Readonly<Record<Attachment['status'], string>> = {
  pending: 'being checked',
  ready: 'ready',
  quarantined: 'rejected: its content does not match its declared type',
};

/** The files of an item, and where to add one. */
export function attachmentsSection(site: Site, item: Item, leave: AbortSignal): HTMLElement {
  const list = element('ul', { class: 'files' });
  const show = (attachment: Attachment) => {
    const shown = new AttachmentRow(site, item.id, attachment, leave);
    list.append(shown.row);
    void shown.follow();
  };
  for (const attachment of item.attachments) show(attachment);

  const input = element('input', { id: 'file', type: 'file', accept: ACCEPTED, 'aria-describedby': 'kinds' });
  const choose = async () => {
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined) return;
    const contentType = uploadType(file);
    if (contentType === undefined) {
      warn(`“${file.name}” is not a supported kind of file. Upload images, PDF, ZIP, MP4, text or CSV.`);
      return;
    }
    if (file.size === 0) {
      warn(`“${file.name}” is empty.`);
      return;
    }
    const transfer = new AttachmentTransfer(site.api, item.id, file, contentType);
    const arrived = `${file.name} is uploaded and being checked`;
    const upload = new FileUpload(site, { file, transfer: (options) => transfer.send(options), arrived, leave });
    list.append(upload.row);
    const attachment = await upload.finished;
    upload.row.remove();
    if (attachment !== undefined) show(attachment);
  };
  input.addEventListener('change', () => void choose());
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'files' },
    element('h2', { id: 'files' }, 'Files'),
    list,
    element('label', { for: 'file' }, 'Add a file'),
    input,
    element('p', { id: 'kinds', class: 'quiet' }, 'PNG, JPEG, GIF, WebP, PDF, ZIP, MP4, text or CSV.'),
  );
}

class AttachmentRow {
  readonly row: HTMLLIElement;
  private readonly status = element('span', { class: 'quiet' });
  private readonly download: HTMLButtonElement;

  constructor(
    private readonly site: Site,
    private readonly itemId: string,
    private attachment: Attachment,
    private readonly leave: AbortSignal,
  ) {
    const { name } = attachment;
    this.download = element('button', { type: 'button', click: () => this.fetch() }, 'Download');
    this.download.setAttribute('aria-label', `Download ${name}`);
    this.row = element('li', {}, element('span', { class: 'name' }, name), this.status, this.download);
    this.show();
  }

  /** Asks until the file was looked at, or the person leaves the page. */
  async follow(): Promise<void> {
    let pause = FIRST_LOOK_MS;
    for (let look = 0; look < LOOKS && this.attachment.status === 'pending'; look += 1) {
      await new Promise((resume) => setTimeout(resume, pause));
      if (this.leave.aborted) return;
      pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
      try {
        this.attachment = (await this.site.api.attachment(this.itemId, this.attachment.id, this.leave)).attachment;
      } catch {
        // A look that failed is no answer: the next may be one.
        continue;
      }
      if (this.attachment.status === 'pending') continue;
      this.show();
      announce(`${this.attachment.name} is ${STATUS[this.attachment.status]}`);
    }
  }

  private show(): void {
    const { size, status } = this.attachment;
    this.status.textContent = `${fileSize(size)}, ${STATUS[status]}`;
    this.row.className = status;
    this.download.hidden = status !== 'ready';
  }

  private fetch(): Promise<void> {
    return this.site.run(this.download, async () => {
      const { download } = await this.site.api.attachment(this.itemId, this.attachment.id);
      if (download === undefined) throw new Error(`${this.attachment.name} cannot be downloaded`);
      downloadFile(download.url, this.attachment.name);
    });
  }
}
