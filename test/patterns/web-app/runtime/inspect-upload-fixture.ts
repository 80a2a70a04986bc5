import { PGlite } from '@electric-sql/pglite';
import type { Cache } from '../../../../lib/runtime/cache';
import type { Database } from '../../../../lib/runtime/postgres';
import { type Attachment, DATABASE_USER, type UploadType } from '../../../../patterns/web-app/contract';
import { AttachmentsRepository } from '../../../../patterns/web-app/runtime/attachments-repository';
import { type Inspection, inspectUpload } from '../../../../patterns/web-app/runtime/inspect-upload';
import { InspectedObjects } from '../../../../patterns/web-app/runtime/inspected-objects';
import { ItemsRepository, itemCacheKey } from '../../../../patterns/web-app/runtime/items-repository';
import { MIGRATIONS } from '../../../../patterns/web-app/runtime/migrations';
import { BUCKET, S3Fixture } from '../../../local/aws/s3/s3-fixture';

export const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
/** As long as the picture, and none. */
export const PAGE = Buffer.from('<script>x()</sc>');
export const OWNER = 'ada';

/** Called before or after a call of a store, with the store's name for it. */
export type Hook = (call: string, when: 'before' | 'after') => Promise<void>;

/** Attachments in PostgreSQL, their files in S3, and a cache that tells what it forgot. */
export class InspectFixture {
  readonly s3 = new S3Fixture();
  readonly forgotten: string[] = [];
  private readonly postgres = new PGlite();
  private made = 0;

  async start(): Promise<void> {
    await this.s3.start();
    await this.postgres.exec(`CREATE ROLE ${DATABASE_USER}`);
    for (const { statements } of MIGRATIONS) {
      // The database of the engine has a name of its own.
      for (const each of statements) if (!each.startsWith('GRANT CONNECT')) await this.postgres.exec(each);
    }
  }

  async stop(): Promise<void> {
    await this.postgres.close();
    await this.s3.stop();
  }

  /** An item with a file that is yet to come. */
  async attach(contentType: UploadType = 'image/png', size = PNG.length): Promise<{ item: string; key: string }> {
    this.made += 1;
    const name = String(this.made);
    const { item } = await this.items().create(OWNER, name, { title: name, notes: '' });
    const file = { name, contentType, size };
    const { object_key: key } = await this.attachments().create(OWNER, item.id, name, file);
    this.forgotten.length = 0;
    return { item: item.id, key };
  }

  /** A file comes. */
  put(Key: string, Body: Buffer, ContentType = 'image/png'): void {
    this.s3.store.call('PutObject', { Bucket: BUCKET, Key, Body, ContentType });
  }

  inspect(key: string, hook: Hook = async () => undefined): Promise<Inspection> {
    const database = this.database(hook);
    const objects = new InspectedObjects(BUCKET, hooked(this.s3.client, hook));
    return inspectUpload(key, { database, attachments: this.attachments(hook), objects });
  }

  /** What an item's owner sees of its only file; undefined without the item. */
  async statusOf(key: string): Promise<Attachment['status'] | undefined> {
    const { rows } = await this.postgres.query<{ status: Attachment['status'] }>(
      'SELECT status FROM attachments WHERE object_key = $1',
      [key],
    );
    return rows[0]?.status;
  }

  items(hook: Hook = async () => undefined): ItemsRepository {
    return new ItemsRepository(this.database(hook), this.cache(hook));
  }

  /** Files of an attachment: those that came, and those in quarantine. */
  files(key: string): { uploads?: Buffer; quarantine?: Buffer } {
    return { uploads: this.s3.content(key), quarantine: this.s3.content(key.replace(/^uploads/, 'quarantine')) };
  }

  cacheKey(item: string): string {
    return itemCacheKey(OWNER, item);
  }

  private attachments(hook: Hook = async () => undefined): AttachmentsRepository {
    return new AttachmentsRepository(this.database(hook), this.cache(hook));
  }

  private database(hook: Hook): Database {
    return {
      query: async <Row>(text: string, values: readonly unknown[]) => {
        const call = text.trim().split(' ', 1)[0] ?? '';
        await hook(call, 'before');
        const { rows } = await this.postgres.query<Row>(text, [...values]);
        await hook(call, 'after');
        return { rows, repeated: false };
      },
      close: async () => undefined,
    };
  }

  private cache(hook: Hook): Cache {
    return {
      through: (_, load) => load(),
      forget: async (key) => {
        await hook('forget', 'before');
        this.forgotten.push(key);
        await hook('forget', 'after');
      },
      close: () => undefined,
    };
  }
}

function hooked<C extends { send: (...given: never[]) => unknown }>(client: C, hook: Hook): C {
  const send = async (command: { constructor: { name: string } }) => {
    const call = command.constructor.name.replace(/Command$/, '');
    await hook(call, 'before');
    const answer = await (client.send as (command: unknown) => unknown).call(client, command);
    await hook(call, 'after');
    return answer;
  };
  return Object.create(client, { send: { value: send } }) as C;
}
