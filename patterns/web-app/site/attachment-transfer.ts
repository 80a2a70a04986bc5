import { ApiProblem } from '../../../lib/site/api-client';
import { randomValue } from '../../../lib/site/pkce';
import { type SentPart, sendForm, sendParts, type UploadOptions } from '../../../lib/site/upload';
import type { Attachment, NewAttachment, UploadType } from '../contract';
import type { ItemsApi } from './items-api';

/** A file that becomes an attachment of an item, in one piece or in parts. */
export class AttachmentTransfer {
  /** The same for each try: they make one attachment. */
  private readonly key = randomValue();
  /** All parts of a file, of which S3 may not have made one yet. */
  private arrived?: { readonly began: NewAttachment; readonly parts: readonly SentPart[] } | undefined;

  constructor(
    private readonly api: ItemsApi,
    private readonly itemId: string,
    private readonly file: File,
    private readonly contentType: UploadType,
  ) {}

  async send(options: Required<UploadOptions>): Promise<Attachment> {
    return (await this.transfer(options)).attachment;
  }

  private async transfer(options: Required<UploadOptions>): Promise<NewAttachment> {
    if (this.arrived !== undefined) return this.complete(this.arrived.began, this.arrived.parts);
    const began = await this.begin(options.signal);
    if (began.upload.kind === 'form') {
      await sendForm(began.upload, this.file, options);
      return began;
    }
    const renew = async () => {
      const { upload } = await this.begin(options.signal);
      if (upload.kind !== 'parts') throw new Error('The upload is no longer a multipart upload');
      return upload;
    };
    return this.complete(began, await sendParts(began.upload, this.file, { ...options, renew }));
  }

  /** Makes one file of its parts. Whoever did not hear that it went well asks again, and sends nothing twice. */
  private async complete(began: NewAttachment, parts: readonly SentPart[]): Promise<NewAttachment> {
    if (began.upload.kind !== 'parts') return began;
    this.arrived = { began, parts };
    try {
      await this.api.complete(began.upload.completePath, parts);
    } catch (error) {
      // S3 does not have these parts: they have to be sent again.
      if (error instanceof ApiProblem && error.status === 409) this.arrived = undefined;
      throw error;
    }
    return began;
  }

  private begin(signal: AbortSignal): Promise<NewAttachment> {
    const { name, size } = this.file;
    return this.api.attach(this.itemId, { name, size, contentType: this.contentType }, this.key, signal);
  }
}
