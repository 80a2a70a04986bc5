import type { Hono } from 'hono';
import { Problem } from '../../../lib/runtime/problem';
import { API_PREFIX, type AttachmentDownload, type NewAttachment } from '../contract';
import type { ApplicationEnvironment } from './application-context';
import { CompletedUpload, NewFile } from './attachment-request';
import { type AttachmentRow, attachmentOf } from './attachment-rows';
import type { AttachmentsRepository } from './attachments-repository';
import { idempotencyKeyOf, identifierOf, notFound, parseBody } from './request-input';
import type { Uploads } from './uploads';

const ATTACHMENTS = `${API_PREFIX}/items/:id/attachments`;

/** The routes of attachments. The files go to S3 by themselves, and come from there (s3-presigned-uploads). */
export function addAttachmentRoutes(
  application: Hono<ApplicationEnvironment>,
  attachments: AttachmentsRepository,
  uploads: () => Promise<Uploads>,
  maxUploadBytes: number,
): void {
  const find = async (owner: string, itemId: string, id: string): Promise<AttachmentRow> => {
    const row = await attachments.find(owner, identifierOf(itemId), identifierOf(id));
    if (row === undefined) throw notFound();
    return row;
  };

  application.post(ATTACHMENTS, async (c) => {
    const itemId = identifierOf(c.req.param('id'));
    const { headers } = c.req.raw;
    const key = idempotencyKeyOf(headers);
    const file = parseBody(NewFile, headers, await c.req.text());
    if (file.size > maxUploadBytes) {
      throw new Problem(413, 'too_large', `A file may have at most ${maxUploadBytes} bytes.`, 'size');
    }
    const owner = c.get('owner');
    const row = await attachments.create(owner, itemId, key, file);
    const begun = row.upload_id === null ? {} : { uploadId: row.upload_id };
    const { upload, uploadId } = await (await uploads()).begin({ key: row.object_key, ...file, ...begun });
    if (uploadId !== undefined && uploadId !== row.upload_id) await attachments.keepUpload(owner, row.id, uploadId);
    const path = `${API_PREFIX}/items/${itemId}/attachments/${row.id}`;
    const answer: NewAttachment = {
      attachment: attachmentOf(row),
      upload: upload.kind === 'parts' ? { ...upload, completePath: `${path}/complete` } : upload,
    };
    return c.json(answer, 201, { location: path });
  });

  application.post(`${ATTACHMENTS}/:attachment/complete`, async (c) => {
    const { parts } = parseBody(CompletedUpload, c.req.raw.headers, await c.req.text());
    const row = await find(c.get('owner'), c.req.param('id'), c.req.param('attachment'));
    if (row.upload_id === null) throw new Problem(409, 'not_in_parts', 'This file is not a multipart upload.');
    try {
      // Also when it is complete already: the answer to the first request may have been lost.
      if (row.status === 'pending') await (await uploads()).complete(row.object_key, row.upload_id, parts);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'UploadIncompleteError') throw error;
      throw new Problem(409, 'upload_incomplete', 'Parts are missing or do not match. Upload the file again.', 'parts');
    }
    return c.json({ attachment: attachmentOf(row) }, 202);
  });

  application.get(`${ATTACHMENTS}/:attachment`, async (c) => {
    const row = await find(c.get('owner'), c.req.param('id'), c.req.param('attachment'));
    const answer: AttachmentDownload = {
      attachment: attachmentOf(row),
      ...(row.status === 'ready' && {
        download: await (await uploads()).download(row.object_key, row.name, row.content_type),
      }),
    };
    return c.json(answer);
  });
}
