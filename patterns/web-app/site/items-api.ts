import type { ApiClient } from '../../../lib/site/api-client';
import type { SentPart } from '../../../lib/site/upload';
import { API_PREFIX, type AttachmentDownload, type Item, type ItemPage, type NewAttachment } from '../contract';

export interface ItemText {
  readonly title: string;
  readonly notes: string;
}

export interface NewFile {
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** The routes of the API. */
export class ItemsApi {
  constructor(private readonly client: ApiClient) {}

  list(cursor?: string): Promise<ItemPage> {
    return this.client.send(`${API_PREFIX}/items${cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`}`);
  }

  get(id: string): Promise<Item> {
    return this.client.send(itemPath(id));
  }

  /** @param key the same for each try of one submission: it makes one item */
  create(text: ItemText, key: string): Promise<Item> {
    return this.client.send(`${API_PREFIX}/items`, { method: 'POST', body: text, headers: { 'idempotency-key': key } });
  }

  /** Changes what the person has seen, and nothing newer. */
  update({ id, version }: Item, text: ItemText): Promise<Item> {
    return this.client.send(itemPath(id), { method: 'PUT', body: text, headers: { 'if-match': `"${version}"` } });
  }

  remove(id: string): Promise<void> {
    return this.client.send(itemPath(id), { method: 'DELETE' });
  }

  attach(itemId: string, file: NewFile, key: string, signal: AbortSignal): Promise<NewAttachment> {
    const headers = { 'idempotency-key': key };
    return this.client.send(`${itemPath(itemId)}/attachments`, { method: 'POST', body: file, headers, signal });
  }

  complete(path: string, parts: readonly SentPart[]): Promise<void> {
    return this.client.send(path, { method: 'POST', body: { parts } });
  }

  attachment(itemId: string, id: string, signal?: AbortSignal): Promise<AttachmentDownload> {
    const path = `${itemPath(itemId)}/attachments/${encodeURIComponent(id)}`;
    return this.client.send(path, signal === undefined ? {} : { signal });
  }
}

function itemPath(id: string): string {
  return `${API_PREFIX}/items/${encodeURIComponent(id)}`;
}
