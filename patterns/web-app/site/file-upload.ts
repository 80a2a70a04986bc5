import { ApiProblem } from '../../../lib/site/api-client';
import { element } from '../../../lib/site/element';
import { randomValue } from '../../../lib/site/pkce';
import { type SentPart, sendForm, sendParts, UploadFailed } from '../../../lib/site/upload';
import type { Attachment, NewAttachment, UploadType } from '../contract';
import { announce, warn } from './announce';
import type { Site } from './page';
import { fileSize } from './wording';

/** What S3 refuses, in the words of who is refused. */
const REFUSALS: Readonly<Record<string, string>> = {
  EntityTooLarge: 'the file is larger than it said',
  EntityTooSmall: 'the file is smaller than it said',
  AccessDenied: 'the permission to upload it has expired or does not fit it',
};

/** Statuses that no second try changes. */
const FINAL = [400, 404, 413];

/** A file on its way: a bar, a way to stop, and a way to try again. */
export class FileUpload {
  readonly row: HTMLLIElement;
  /** What was made of it; undefined when the person gave up. */
  readonly finished: Promise<Attachment | undefined>;
  private readonly bar: HTMLProgressElement;
  private readonly text = element('span', { class: 'quiet' });
  private readonly stop = new AbortController();
  /** The same for each try: they make one attachment. */
  private readonly key = randomValue();
  /** All parts of a file, of which S3 may not have made one yet. */
  private arrived?: { readonly began: NewAttachment; readonly parts: readonly SentPart[] } | undefined;
  private finish: (attachment?: Attachment) => void = () => undefined;

  constructor(
    private readonly site: Site,
    private readonly itemId: string,
    private readonly file: File,
    private readonly contentType: UploadType,
    leave: AbortSignal,
  ) {
    this.bar = element('progress', { max: String(file.size), value: '0', 'aria-label': `Upload of ${file.name}` });
    this.finished = new Promise((finish) => {
      this.finish = finish;
    });
    leave.addEventListener('abort', () => this.giveUp());
    const cancel = element('button', { type: 'button', click: () => this.giveUp() }, 'Cancel');
    const again = element('button', { type: 'button', hidden: true, click: () => this.send(again) }, 'Try again');
    this.row = element('li', {}, element('span', { class: 'name' }, file.name), this.text, this.bar, again, cancel);
    void this.send(again);
  }

  private async send(again: HTMLButtonElement): Promise<void> {
    again.hidden = true;
    this.show(0);
    try {
      const { attachment } = await this.transfer();
      announce(`${this.file.name} is uploaded and being checked`);
      this.finish(attachment);
    } catch (error) {
      if (this.stop.signal.aborted) return;
      this.complain(error);
      this.text.textContent = 'not uploaded';
      again.hidden = false;
    }
  }

  private complain(error: unknown): void {
    const { name, size } = this.file;
    const refused = error instanceof UploadFailed ? REFUSALS[error.code] : undefined;
    if (refused !== undefined) warn(`“${name}” was not taken: ${refused}.`);
    else if (error instanceof ApiProblem && error.status === 413) {
      warn(`“${name}” is too large, with ${fileSize(size)}. ${error.message}`);
    } else this.site.complain(error);
    // What the API refuses of a file, it refuses again.
    if (error instanceof ApiProblem && FINAL.includes(error.status)) this.finish();
  }

  private async transfer(): Promise<NewAttachment> {
    const { signal } = this.stop;
    if (this.arrived !== undefined) return this.complete(this.arrived.began, this.arrived.parts);
    const began = await this.begin();
    const onProgress = (sent: number) => this.show(sent);
    if (began.upload.kind === 'form') {
      await sendForm(began.upload, this.file, { onProgress, signal });
      return began;
    }
    const renew = async () => {
      const { upload } = await this.begin();
      if (upload.kind !== 'parts') throw new Error('The upload is not in parts any more');
      return upload;
    };
    return this.complete(began, await sendParts(began.upload, this.file, { onProgress, signal, renew }));
  }

  /** Makes one file of its parts. Whoever did not hear that it went well asks again, and sends nothing twice. */
  private async complete(began: NewAttachment, parts: readonly SentPart[]): Promise<NewAttachment> {
    if (began.upload.kind !== 'parts') return began;
    this.arrived = { began, parts };
    try {
      await this.site.api.complete(began.upload.completePath, parts);
    } catch (error) {
      // S3 does not have these parts: they have to be sent again.
      if (error instanceof ApiProblem && error.status === 409) this.arrived = undefined;
      throw error;
    }
    return began;
  }

  private begin(): Promise<NewAttachment> {
    const { name, size } = this.file;
    const file = { name, size, contentType: this.contentType };
    return this.site.api.attach(this.itemId, file, this.key, this.stop.signal);
  }

  private show(sent: number): void {
    const { size } = this.file;
    this.bar.value = sent;
    this.text.textContent = `${fileSize(sent)} of ${fileSize(size)}`;
  }

  private giveUp(): void {
    this.stop.abort();
    this.finish();
  }
}
