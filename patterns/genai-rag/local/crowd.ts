import { sleep } from '../../../local/clock/clock';
import { type Random, seededRandom } from '../../../local/engine/random';
import { weightedChoice } from '../../../local/scenarios/weighted-choice';
import { API_PREFIX } from '../contract';
import type { Told } from './answer';
import { lie, note } from './documents';
import type { RagPlace } from './place';
import { RagVisitor } from './visitor';

/** What may be done, and how often of a hundred times. */
const SHARES = {
  'a question': 62,
  'a question in one piece': 12,
  'the same question again': 6,
  'a document': 8,
  'a document that lies': 2,
  'a document that cannot be read': 2,
  'a document to be deleted': 3,
  "another user's conversation": 5,
} as const;
export type Kind = keyof typeof SHARES;
export const KINDS = Object.keys(SHARES) as Kind[];

/** Tenants by the group that makes them, and the part of the crowd that is of each. The rest are tenants of their own. */
const GROUPS = ['tenant-acme', 'tenant-acme', 'tenant-globex', 'tenant-globex', 'tenant-initech', undefined] as const;

/** What no document says anything of. */
export const NOT_IN_ANY_DOCUMENT = 'Quagga xylophone?';

const QUESTIONS = [
  'What does dev cost when it idles?',
  'How are duplicates absorbed?',
  'What happens to a message that cannot be handled?',
  'Which alarms are there, and who is notified?',
  'How do I remove a stack, and what stays?',
  'How is a request signed?',
  'What is a gotcha, and how is it proven?',
  'How are uploads looked at?',
  'Which commands does the repository have?',
  'What does the demo show?',
  'How do I bring my own key?',
  NOT_IN_ANY_DOCUMENT,
] as const;

/** Milliseconds between two things that someone does. */
const PAUSE = { least: 4000, most: 20_000 };

/** A document as its user saw it, and its required outcome. */
export interface KnownDocument {
  readonly id: string;
  /** Who may ask for it. */
  readonly visitor: RagVisitor;
  /** `refused`: it is not what it says; `unreadable`: the knowledge base cannot read it; `gone`: it was deleted. */
  wanted: 'indexed' | 'refused' | 'unreadable' | 'gone';
}

/** How often something was done, and how it went. */
export interface Tally {
  done: number;
  /** Times that someone asked again. */
  repeats: number;
  wrong: number;
}

/** What the crowd was told, to be held against what is kept. */
export interface CrowdTold {
  readonly visitors: readonly RagVisitor[];
  readonly tallies: Readonly<Record<Kind, Tally>>;
  /** Answers by who asked; a question that was asked again by its key is in it once. */
  readonly told: ReadonlyMap<RagVisitor, readonly Told[]>;
  readonly documents: readonly KnownDocument[];
  /** In words, what was answered wrong. */
  readonly wrong: readonly string[];
}

/** How many come, and what they do. */
export interface CrowdOptions {
  readonly users: number;
  readonly questions: number;
  readonly seed: number;
  /** Tenants of documents by their ids; the crowd adds its own. */
  readonly tenants: Map<string, string>;
  /** Hears of each question before it is asked, of so many. */
  onQuestion(count: number): void;
  /** The knowledge base cannot read this one. */
  onUnreadable(id: string): void;
}

/** People of several tenants who ask all at once, as chance has it. */
export async function letInCrowd(place: RagPlace, options: CrowdOptions): Promise<CrowdTold> {
  const { users, questions, seed } = options;
  const shared: Shared = { options, documents: [], conversations: [], wrong: [], asked: 0 };
  const tallies = Object.fromEntries(KINDS.map((kind) => [kind, { done: 0, repeats: 0, wrong: 0 }])) as Record<
    Kind,
    Tally
  >;
  const members = Array.from({ length: users }, (_, index) => {
    const group = GROUPS[index % GROUPS.length];
    const email = `user-${index + 1}@example.com`;
    return new Member(new RagVisitor(place, email, group), seededRandom(seed, email), shared);
  });
  const one = async (member: Member): Promise<void> => {
    while (shared.asked < questions) {
      await sleep(place.engine.clock, PAUSE.least + member.random() * (PAUSE.most - PAUSE.least));
      if (shared.asked >= questions) return;
      const kind = member.choose();
      const tally = tallies[kind];
      tally.done += 1;
      const { repeats, problem } = await member.does(kind);
      tally.repeats += repeats;
      if (problem === undefined) continue;
      tally.wrong += 1;
      shared.wrong.push(`${kind}: ${problem}`);
    }
  };
  await Promise.all(members.map(one));
  return {
    visitors: members.map(({ visitor }) => visitor),
    tallies,
    told: new Map(members.map(({ visitor, told }) => [visitor, told])),
    documents: shared.documents,
    wrong: shared.wrong,
  };
}

interface Shared {
  readonly options: CrowdOptions;
  readonly documents: KnownDocument[];
  readonly conversations: { readonly id: string; readonly of: RagVisitor }[];
  readonly wrong: string[];
  asked: number;
}

/** How something went: `problem` says what is wrong with it. */
interface Outcome {
  readonly repeats: number;
  readonly problem?: string;
}

class Member {
  readonly told: Told[] = [];
  private sent = 0;

  constructor(
    readonly visitor: RagVisitor,
    readonly random: Random,
    private readonly shared: Shared,
  ) {}

  choose(): Kind {
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
    'a question': () => this.ask(true),
    'a question in one piece': () => this.ask(false),
    'the same question again': async () => {
      const before = this.told.findLast(({ answer }) => answer !== undefined);
      if (before?.answer === undefined) return this.ask(true);
      const { question, conversation, key } = before;
      const { answer, problem, repeats } = await this.visitor.ask(question, { conversation, key });
      const same = answer?.turn === before.answer.turn && answer.answer === before.answer.answer;
      return same ? { repeats } : { repeats, problem: `another answer than before: ${problem ?? answer?.turn}` };
    },
    'a document': () => this.upload(note(this.name('Note'), this.words()), 'indexed'),
    'a document that lies': () => this.upload(lie(this.name('Lie')), 'refused'),
    'a document that cannot be read': async () => {
      const outcome = await this.upload(note(this.name('Damaged'), this.words()), 'unreadable');
      const { id = '' } = this.shared.documents.at(-1) ?? {};
      this.shared.options.onUnreadable(id);
      return outcome;
    },
    'a document to be deleted': async () => {
      const own = this.shared.documents.filter(({ visitor, wanted }) => visitor === this.visitor && wanted !== 'gone');
      const chosen = own[Math.floor(this.random() * own.length)];
      if (chosen === undefined) return this.doing['a document']();
      chosen.wanted = 'gone';
      await this.visitor.call('DELETE', `/documents/${chosen.id}`);
      return { repeats: 0 };
    },
    "another user's conversation": async () => {
      const others = this.shared.conversations.filter(({ of }) => of !== this.visitor);
      const chosen = others[Math.floor(this.random() * others.length)];
      if (chosen === undefined) return this.ask(true);
      for (let repeats = 0; ; repeats += 1) {
        const { status } = await this.visitor.send('GET', `${API_PREFIX}/conversations/${chosen.id}`);
        if (status === 404) return { repeats };
        if (status < 500 || repeats > 5) return { repeats, problem: `${status}, not 404` };
      }
    },
  };

  private async ask(streams: boolean): Promise<Outcome> {
    const { shared, visitor } = this;
    shared.asked += 1;
    shared.options.onQuestion(shared.asked);
    // As often as not a question goes on with the conversation before it.
    const last = this.told.at(-1);
    const goesOn = last !== undefined && this.random() < 0.5;
    const conversation = goesOn ? last.conversation : visitor.newConversation();
    if (!goesOn) shared.conversations.push({ id: conversation, of: visitor });
    const question = QUESTIONS[Math.floor(this.random() * QUESTIONS.length)] ?? QUESTIONS[0];
    // A client that gets a failure asks again by the same key, as the page offers: what was accepted is to be answered.
    const told = await visitor.ask(question, { conversation, streams });
    this.told.push(told);
    const { answer, problem, repeats, status } = told;
    return answer !== undefined || problem?.endsWith('daily_budget') === true
      ? { repeats }
      : { repeats, problem: `${status} ${problem}` };
  }

  private async upload(
    { name, contentType, content }: ReturnType<typeof note>,
    wanted: KnownDocument['wanted'],
  ): Promise<Outcome> {
    const id = await this.visitor.upload(name, contentType, content);
    this.shared.options.tenants.set(id, this.visitor.tenant);
    this.shared.documents.push({ id, visitor: this.visitor, wanted });
    return { repeats: 0 };
  }

  private name(kind: string): string {
    this.sent += 1;
    return `${kind} ${this.sent} of ${this.visitor.email}`;
  }

  private words(): string {
    const word = () => Math.floor(this.random() * 2 ** 40).toString(36);
    return Array.from({ length: 8 }, word).join(' ');
  }
}
