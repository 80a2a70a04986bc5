import type { Attachment, UploadType } from '../contract';

/** The attachments of the item `i`, as the API shows them, in one column. */
export const ATTACHMENTS_OF_ITEM = `COALESCE((
  SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'contentType', a.content_type, 'size', a.size,
                                    'status', a.status) ORDER BY a.created_at, a.id)
  FROM attachments a WHERE a.item_id = i.id), '[]') AS attachments`;

/** A row of `attachments`. */
export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly content_type: UploadType;
  /** The driver gives a bigint as text. */
  readonly size: string;
  readonly object_key: string;
  readonly upload_id: string | null;
  readonly status: Attachment['status'];
}

export function attachmentOf({ id, name, content_type, size, status }: AttachmentRow): Attachment {
  return { id, name, contentType: content_type, size: Number(size), status };
}
