import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  API_PREFIX,
  type AttachmentDownload,
  HEALTH_PATH,
  type Item,
  type ItemPage,
  type NewAttachment,
} from '../contract';
import { lie, picture, type SentFile } from './files';
import type { WebAppPlace } from './place';
import { jsonOf, sendFile, Visitor } from './visitor';

/** Something that a visitor did, with what must come of it and what came. */
export interface WalkStep {
  readonly what: string;
  readonly wanted: string;
  readonly got: string;
}

const ITEMS = `${API_PREFIX}/items`;
/** Milliseconds that a file may take to be looked at. */
const LONGEST_LOOK_MS = 60_000;

/** Goes through the site as a person does, one thing after the other. */
export async function walkThrough(place: WebAppPlace, onStep: (step: WalkStep) => void): Promise<readonly WalkStep[]> {
  const walk = new SiteWalk(place, onStep);
  await walk.site();
  await walk.items();
  await walk.files();
  await walk.end();
  return walk.steps;
}

const statusOf = async (url: string) => (await fetch(url)).status;

/** A walk, chapter by chapter. */
class SiteWalk {
  readonly steps: WalkStep[] = [];
  private readonly ada: Visitor;
  private readonly bob: Visitor;
  private item = {} as Item;

  constructor(
    private readonly place: WebAppPlace,
    private readonly onStep: (step: WalkStep) => void,
  ) {
    [this.ada, this.bob] = [new Visitor(place, 'ada@example.com'), new Visitor(place, 'bob@example.com')];
  }

  async site(): Promise<void> {
    await this.step('opens the site, and a link into it', '200 200', async () => {
      const [home, link] = await Promise.all(
        ['/', `/items/${randomUUID()}`].map((path) => fetch(this.place.url + path)),
      );
      const isSame = (await home?.text()) === (await link?.text());
      return isSame ? `${home?.status} ${link?.status}` : 'two pages';
    });
    await this.step('asks for a file of the site that is gone', '404', () =>
      statusOf(`${this.place.url}/assets/gone.js`),
    );
    await this.step('asks the API around the distribution', '403', () =>
      statusOf(`${this.place.apiUrl}${HEALTH_PATH}`),
    );
    await this.step('asks the API without a token', '401', async () => (await this.ada.ask('GET', ITEMS)).status);
    await this.step('signs in with a code and PKCE', 'signed in', async () => {
      await Promise.all([this.ada.signIn(), this.bob.signIn()]);
      return 'signed in';
    });
    await this.step('lists what there is', '200 none', async () => {
      const answer = await this.ada.ask('GET', ITEMS);
      return `${answer.status} ${jsonOf<ItemPage>(answer).items.length || 'none'}`;
    });
  }

  async items(): Promise<void> {
    await this.step('makes an item, twice by the same key', '201 200 one item', async () => {
      const question = { headers: { 'idempotency-key': randomUUID() }, body: { title: 'Holidays', notes: 'Ireland' } };
      const [first, again] = [await this.ada.ask('POST', ITEMS, question), await this.ada.ask('POST', ITEMS, question)];
      this.item = jsonOf<Item>(first);
      const list = await this.ada.ask('GET', ITEMS, { headers: { 'cache-control': 'no-cache' } });
      const isOne = jsonOf<Item>(again).id === this.item.id && jsonOf<ItemPage>(list).items.length === 1;
      return `${first.status} ${again.status} ${isOne ? 'one item' : 'two items'}`;
    });
    await this.step('changes it, and reads the change', '200 200 200 as changed', async () => {
      // Read before, so that the cache has it.
      const before = await this.ada.ask('GET', `${ITEMS}/${this.item.id}`);
      const question = { headers: { 'if-match': '"1"' }, body: { title: 'Holidays', notes: 'Iceland' } };
      const changed = await this.ada.ask('PUT', `${ITEMS}/${this.item.id}`, question);
      const after = await this.ada.ask('GET', `${ITEMS}/${this.item.id}`);
      const seen = jsonOf<Item>(after).notes === 'Iceland' ? 'as changed' : 'as before';
      return `${before.status} ${changed.status} ${after.status} ${seen}`;
    });
    await this.step('changes what is old by then', '412', async () => {
      const question = { headers: { 'if-match': '"1"' }, body: { title: 'Holidays', notes: 'India' } };
      return (await this.ada.ask('PUT', `${ITEMS}/${this.item.id}`, question)).status;
    });
    await this.step(
      "asks for another user's item",
      '404',
      async () => (await this.bob.ask('GET', `${ITEMS}/${this.item.id}`)).status,
    );
  }

  async files(): Promise<void> {
    await this.step('sends a picture to S3, and fetches it', '204 ready, the same', async () => {
      const file = picture('beach');
      const granted = await this.grant(file);
      const status = await sendFile(granted.upload, file.content);
      const { attachment, download } = await this.outcome(granted);
      const fetched = download && Buffer.from(await (await fetch(download.url)).arrayBuffer());
      return `${status} ${attachment.status}, ${fetched?.equals(file.content) === true ? 'the same' : 'another'}`;
    });
    await this.step('sends a page that says it is a picture', '204 quarantined, no download', async () => {
      const file = lie('beach');
      const granted = await this.grant(file);
      const status = await sendFile(granted.upload, file.content);
      const { attachment, download } = await this.outcome(granted);
      return `${status} ${attachment.status}, ${download === undefined ? 'no download' : 'a download'}`;
    });
    await this.step('sends a file by a form with another name in it', '403', async () => {
      const file = picture('mountain');
      const { upload } = await this.grant(file);
      if (upload.kind !== 'form') return upload.kind;
      const key = `${upload.fields['key']}-of-mine`;
      return sendFile({ ...upload, fields: { ...upload.fields, key } }, file.content);
    });
    await this.step('sends a larger file than was asked for', '400', async () => {
      const file = picture('forest');
      return sendFile((await this.grant(file)).upload, Buffer.concat([file.content, Buffer.alloc(1000)]));
    });
  }

  async end(): Promise<void> {
    await this.step('deletes it, with its files', '204 404 no files', async () => {
      const gone = await this.ada.ask('DELETE', `${ITEMS}/${this.item.id}`);
      const after = await this.ada.ask('GET', `${ITEMS}/${this.item.id}`);
      const files = this.place.uploads.store
        .keys(this.place.uploads.bucket)
        .filter((key) => key.startsWith('uploads/'));
      return `${gone.status} ${after.status} ${files.length || 'no'} files`;
    });
  }

  private async step(what: string, wanted: string, does: () => Promise<unknown>): Promise<void> {
    const got = await does().then(String, (error: unknown) => `failed: ${(error as Error).message}`);
    this.steps.push({ what, wanted, got });
    this.onStep({ what, wanted, got });
  }

  private async grant(file: SentFile): Promise<NewAttachment> {
    const { name, contentType, content } = file;
    const answer = await this.ada.ask('POST', `${ITEMS}/${this.item.id}/attachments`, {
      headers: { 'idempotency-key': randomUUID() },
      body: { name, contentType, size: content.length },
    });
    return jsonOf<NewAttachment>(answer);
  }

  /** What it comes to, once someone has looked at the file. */
  private async outcome({ attachment: { id } }: NewAttachment): Promise<AttachmentDownload> {
    for (const begun = Date.now(); ; await wait(50)) {
      const seen = jsonOf<AttachmentDownload>(await this.ada.ask('GET', `${ITEMS}/${this.item.id}/attachments/${id}`));
      if (seen.attachment.status !== 'pending' || Date.now() > begun + LONGEST_LOOK_MS) return seen;
    }
  }
}
