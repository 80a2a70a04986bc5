import { type Random, seededRandom } from '../../../local/engine/random';
import { weightedChoice } from '../../../local/scenarios/weighted-choice';
import { API_PREFIX, type Item, type ItemPage, type NewAttachment } from '../contract';
import { lie, picture } from './files';
import type { WebAppPlace } from './place';
import { type Answered, jsonOf, sendFile, Visitor } from './visitor';

/** What may be asked, and how often of a hundred times. */
const SHARES = {
  'a new item': 18,
  'the same request again': 6,
  'an item': 30,
  'all items': 8,
  'a change': 14,
  'a change of an old version': 6,
  'a file': 8,
  'a file that lies': 3,
  "another user's item": 3,
  'an item to be deleted': 4,
} as const;
export type Kind = keyof typeof SHARES;
export const KINDS = Object.keys(SHARES) as Kind[];

/** An item as its owner saw it. */
export interface KnownItem {
  readonly id: string;
  readonly title: string;
  readonly notes: string;
  readonly version: number;
}

/** A file as its owner saw it. */
export interface KnownFile {
  readonly id: string;
  readonly itemId: string;
  readonly outcome: 'ready' | 'quarantined';
}

/** How often something was asked, and how it went. */
export interface Tally {
  asked: number;
  /** Times that someone had to come again. */
  repeats: number;
  wrong: number;
}

/** What the crowd was told, to be held against what is kept. */
export interface Told {
  readonly tallies: Readonly<Record<Kind, Tally>>;
  readonly items: ReadonlyMap<string, KnownItem>;
  readonly files: ReadonlyMap<string, KnownFile>;
  /** Ids of what was accepted before, and deleted since by its owner. @default - nothing */
  readonly deleted?: { readonly items: ReadonlySet<string>; readonly files: ReadonlySet<string> };
  /** In words, what was answered wrong. */
  readonly wrong: readonly string[];
}

/** How many come, and what happens meanwhile. */
export interface CrowdOptions {
  readonly users: number;
  readonly requests: number;
  readonly seed: number;
  /** Hears of each request before it is made, of so many. */
  onRequest(count: number): void;
}

const ITEMS = `${API_PREFIX}/items`;

/** People who use the site all at once, each with items of their own, as chance has it. */
export async function letInCrowd(
  place: WebAppPlace,
  { users, requests, seed, onRequest }: CrowdOptions,
): Promise<Told> {
  const items = new Map<string, KnownItem>();
  const files = new Map<string, KnownFile>();
  const deleted = { items: new Set<string>(), files: new Set<string>() };
  const wrong: string[] = [];
  const tallies = Object.fromEntries(KINDS.map((kind) => [kind, { asked: 0, repeats: 0, wrong: 0 }])) as Record<
    Kind,
    Tally
  >;
  let count = 0;
  const one = async (number: number): Promise<void> => {
    const visitor = new Visitor(place, `user-${number}@example.com`);
    await visitor.signIn();
    const member = new Member(visitor, seededRandom(seed, visitor.email), { items, files, deleted });
    while (count < requests) {
      count += 1;
      onRequest(count);
      const kind = member.choose();
      const tally = tallies[kind];
      tally.asked += 1;
      const { problem, repeats } = await member.does(kind);
      tally.repeats += repeats;
      if (problem === undefined) continue;
      tally.wrong += 1;
      wrong.push(`${kind}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, number) => one(number + 1)));
  return { tallies, items, files, deleted, wrong };
}

/** How a request went: `problem` says what is wrong with its answer. */
interface Outcome {
  readonly repeats: number;
  readonly problem?: string;
}

class Member {
  private readonly own = new Set<string>();
  private created = 0;
  private last = '';
  private lastCreated?: { key: string; body: object; id: string };

  constructor(
    private readonly visitor: Visitor,
    private readonly random: Random,
    private readonly all: {
      readonly items: Map<string, KnownItem>;
      readonly files: Map<string, KnownFile>;
      readonly deleted: { readonly items: Set<string>; readonly files: Set<string> };
    },
  ) {}

  /** What comes next; whoever has no item makes one first. */
  choose(): Kind {
    if (this.own.size === 0) return 'a new item';
    return weightedChoice(SHARES, () => this.random());
  }

  async does(kind: Kind): Promise<Outcome> {
    try {
      return await this.doing[kind]();
    } catch (error) {
      return { repeats: 0, problem: (error as Error).message };
    }
  }

  private readonly doing: Readonly<Record<Kind, () => Promise<Outcome>>> = {
    'a new item': async () => {
      this.created += 1;
      const key = `item-${this.created}`;
      const body = { title: `Item ${this.created} of ${this.visitor.email}`, notes: this.words() };
      const answer = await this.visitor.ask('POST', ITEMS, { headers: { 'idempotency-key': key }, body });
      if (answer.status !== 201 && !(answer.status === 200 && answer.repeats > 0)) return unexpected(answer, '201');
      this.learn(jsonOf<Item>(answer));
      this.lastCreated = { key, body, id: jsonOf<Item>(answer).id };
      return { repeats: answer.repeats };
    },
    'the same request again': async () => {
      if (this.lastCreated === undefined || !this.own.has(this.lastCreated.id)) return this.doing['all items']();
      const { key, body, id } = this.lastCreated;
      const answer = await this.visitor.ask('POST', ITEMS, { headers: { 'idempotency-key': key }, body });
      if (answer.status !== 200) return unexpected(answer, '200');
      return expected(answer, jsonOf<Item>(answer).id === id, 'another item than before');
    },
    'an item': async () => {
      const known = this.any();
      const answer = await this.visitor.ask('GET', `${ITEMS}/${known.id}`);
      if (answer.status !== 200) return unexpected(answer, '200');
      const { version, title, notes } = jsonOf<Item>(answer);
      const isCurrent = version === known.version && title === known.title && notes === known.notes;
      return expected(answer, isCurrent, `version ${version}, not ${known.version}`);
    },
    'all items': async () => {
      const answer = await this.visitor.ask('GET', `${ITEMS}?limit=100`, { headers: { 'cache-control': 'no-cache' } });
      if (answer.status !== 200) return unexpected(answer, '200');
      const listed = jsonOf<ItemPage>(answer).items.map(({ id, version }) => `${id} ${version}`);
      const known = [...this.own].map((id) => `${id} ${this.all.items.get(id)?.version}`);
      return expected(
        answer,
        listed.sort().join() === known.sort().join(),
        `${listed.length} of ${known.length} items`,
      );
    },
    'a change': () => this.change(0),
    'a change of an old version': () => this.change(-1),
    'a file': () => this.send('ready'),
    'a file that lies': () => this.send('quarantined'),
    "another user's item": async () => {
      const others = [...this.all.items.keys()].filter((id) => !this.own.has(id));
      const id = others[Math.floor(this.random() * others.length)];
      if (id === undefined) return this.doing['all items']();
      const answer = await this.visitor.ask('GET', `${ITEMS}/${id}`);
      return answer.status === 404 ? { repeats: answer.repeats } : unexpected(answer, '404');
    },
    'an item to be deleted': async () => {
      const { id } = this.any();
      const answer = await this.visitor.ask('DELETE', `${ITEMS}/${id}`);
      if (answer.status !== 204) return unexpected(answer, '204');
      this.own.delete(id);
      this.all.items.delete(id);
      this.all.deleted.items.add(id);
      for (const file of this.all.files.values()) {
        if (file.itemId !== id) continue;
        this.all.files.delete(file.id);
        this.all.deleted.files.add(file.id);
      }
      return { repeats: answer.repeats };
    },
  };

  private async change(versionsAgo: number): Promise<Outcome> {
    const { id, version, title } = this.any();
    if (version + versionsAgo < 1) return this.change(0);
    const notes = this.words();
    const headers = { 'if-match': `"${version + versionsAgo}"` };
    const answer = await this.visitor.ask('PUT', `${ITEMS}/${id}`, { headers, body: { title, notes } });
    const { repeats } = answer;
    if (versionsAgo < 0) return answer.status === 412 ? { repeats } : unexpected(answer, '412');
    if (answer.status === 200) {
      this.learn(jsonOf<Item>(answer));
      return { repeats };
    }
    if (repeats === 0 || ![409, 412].includes(answer.status)) return unexpected(answer, '200');
    // The answer to a change may be lost: whoever repeats it reads what became of it, as the site does.
    const read = await this.visitor.ask('GET', `${ITEMS}/${id}`);
    const item = jsonOf<Item>(read);
    this.learn(item);
    return expected(answer, item.version === version + 1 && item.notes === notes, 'a change that is not there');
  }

  private async send(outcome: KnownFile['outcome']): Promise<Outcome> {
    const { id: itemId } = this.any();
    const mark = `${this.visitor.email}-${this.words()}`.slice(0, 100);
    const { name, contentType, content } = outcome === 'ready' ? picture(mark) : lie(mark);
    const answer = await this.visitor.ask('POST', `${ITEMS}/${itemId}/attachments`, {
      headers: { 'idempotency-key': mark.replaceAll(/[^A-Za-z0-9_-]/g, '_') },
      body: { name, contentType, size: content.length },
    });
    if (answer.status !== 201) return unexpected(answer, '201');
    const { attachment, upload } = jsonOf<NewAttachment>(answer);
    // Accepted from here on, whatever becomes of it.
    this.all.files.set(attachment.id, { id: attachment.id, itemId, outcome });
    const status = await sendFile(upload, content);
    return expected(answer, status === 204, `S3 answered ${status}, not 204`);
  }

  /** One of their own; as often as not the one that they had before, as people do. */
  private any(): KnownItem {
    const ids = [...this.own];
    const chosen = ids[Math.floor(this.random() * ids.length)] ?? '';
    const known = this.all.items.get(this.random() < 0.5 && this.own.has(this.last) ? this.last : chosen);
    if (known === undefined) throw new Error('There is no item to ask for');
    this.last = known.id;
    return known;
  }

  private learn({ id, title, notes, version }: Item): void {
    this.last = id;
    this.own.add(id);
    this.all.items.set(id, { id, title, notes, version });
  }

  private words(): string {
    return Math.floor(this.random() * 2 ** 48).toString(36);
  }
}

function unexpected({ status, repeats, text }: Answered, wanted: string): Outcome {
  return { repeats, problem: `${status}, not ${wanted}: ${text.slice(0, 200)}` };
}

function expected({ repeats }: Answered, isTrue: boolean, problem: string): Outcome {
  return isTrue ? { repeats } : { repeats, problem };
}
