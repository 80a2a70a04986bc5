import { clearMessages, mention, warn } from './announce';
import { ApiProblem } from './api-client';
import { element } from './element';
import type { SiteControl } from './page';
import { UploadFailed, type UploadOptions } from './upload';
import { fileSize } from './wording';

/** What S3 refuses, in the words of who is refused. */
const REFUSALS: Readonly<Record<string, string>> = {
  EntityTooLarge: 'the file is larger than declared',
  EntityTooSmall: 'the file is smaller than declared',
  AccessDenied: 'the upload permission has expired or does not match the file',
};

/** Statuses that no second try changes. */
const FINAL = [400, 404, 413];

/** A file to send. */
export interface FileToSend<Sent> {
  readonly file: File;
  /** Sends it, and ends with what it became. Each try begins anew: what a try leaves behind is the sender's to remember. */
  readonly transfer: (options: Required<UploadOptions>) => Promise<Sent>;
  /** What is said when it is there. */
  readonly arrived: string;
  /** Ends when the person leaves the page. */
  readonly leave: AbortSignal;
}

/** A file on its way: a bar, a way to stop, and a way to try again. */
export class FileUpload<Sent> {
  readonly row: HTMLLIElement;
  /** What was made of it; undefined when the person gave up. */
  readonly finished: Promise<Sent | undefined>;
  /** Ends when the first try has ended, well or not. */
  readonly tried: Promise<void>;
  private readonly bar: HTMLProgressElement;
  private readonly text = element('span', { class: 'quiet' });
  private readonly stop = new AbortController();
  private finish: (sent?: Sent) => void = () => undefined;

  constructor(
    private readonly site: Pick<SiteControl, 'complain'>,
    private readonly sending: FileToSend<Sent>,
  ) {
    const { file, leave } = sending;
    this.bar = element('progress', { max: String(file.size), value: '0', 'aria-label': `Upload of ${file.name}` });
    this.finished = new Promise((finish) => {
      this.finish = finish;
    });
    leave.addEventListener('abort', () => this.giveUp());
    const cancel = element('button', { type: 'button', click: () => this.giveUp() }, 'Cancel');
    const again = element('button', { type: 'button', hidden: true }, 'Try again');
    again.addEventListener('click', () => {
      clearMessages();
      void this.send(again);
    });
    this.row = element('li', {}, element('span', { class: 'name' }, file.name), this.text, this.bar, again, cancel);
    this.tried = this.send(again);
  }

  private async send(again: HTMLButtonElement): Promise<void> {
    again.hidden = true;
    this.show(0);
    try {
      const sent = await this.sending.transfer({ onProgress: (bytes) => this.show(bytes), signal: this.stop.signal });
      mention(this.sending.arrived);
      this.finish(sent);
    } catch (error) {
      if (this.stop.signal.aborted) return;
      this.complain(error);
      this.text.textContent = 'not uploaded';
      again.hidden = false;
    }
  }

  private complain(error: unknown): void {
    const { name, size } = this.sending.file;
    const refused = error instanceof UploadFailed ? REFUSALS[error.code] : undefined;
    if (refused !== undefined) warn(`“${name}” was rejected: ${refused}.`);
    else if (error instanceof ApiProblem && error.status === 413) {
      warn(`“${name}” is too large (${fileSize(size)}). ${error.message}`);
    } else this.site.complain(error);
    // What the API refuses of a file, it refuses again.
    if (error instanceof ApiProblem && FINAL.includes(error.status)) this.finish();
  }

  private show(sent: number): void {
    const { size } = this.sending.file;
    this.bar.value = sent;
    this.text.textContent = `${fileSize(sent)} of ${fileSize(size)}`;
  }

  private giveUp(): void {
    this.stop.abort();
    this.finish();
  }
}
