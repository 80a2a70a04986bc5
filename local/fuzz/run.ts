import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { sleep } from '../clock/clock';
import type { ApiAnswer } from '../engine/api-integrations';
import type { Draft, Mutation } from './draft';
import { excerpt, Judge } from './judge';
import { mutations } from './mutations';
import { jsonText } from './nasty';
import { curlLine, type FuzzRequest, parsed, withHeader } from './request';
import { type Actor, mayRead, Session, type Thing } from './session';
import type { FuzzPlace, FuzzTarget, Operation } from './target';
import type { Watch } from './watch';

/** One request of a run. */
export interface Step {
  /** Who sends it, as a number picks. */
  readonly actor: number;
  readonly operation: Operation;
  readonly mutations: readonly Mutation[];
  /** Whether it is sent twice at once. */
  readonly isTwice: boolean;
}

/** Requests of a run at most. */
const LONGEST_RUN = 24;
/** Milliseconds between two runs: what the front throttles by is full again. */
const PAUSE_MS = 2500;

/** The requests of a run, drawn for a pattern. */
export function stepsOf({ operations }: Pick<FuzzTarget, 'operations'>): fc.Arbitrary<readonly Step[]> {
  const step = fc.record({
    actor: fc.nat(20),
    operation: operations,
    mutations,
    isTwice: fc.nat(14).map((chance) => chance === 14),
  });
  return fc.array(step, { minLength: 1, maxLength: LONGEST_RUN, size: 'max' });
}

/** Thrown for what an API must not do. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Whether it shows only once everything that the requests began has ended. */
  readonly isLate: boolean;

  constructor(
    readonly faults: readonly string[],
    /** The requests that led there, as lines for a shell, with what they were answered. */
    readonly requests: readonly string[],
    { isLate = false }: { readonly isLate?: boolean } = {},
  ) {
    super(faults.join('\n'));
    this.isLate = isLate;
  }
}

/** What runs have in common, and count. */
export interface Tally {
  /** Requests that were drawn. */
  requests: number;
  /** Requests that read back what was kept, by its owner and by everyone else. */
  reads: number;
  readonly statuses: Map<number, number>;
}

/** One run: requests one after the other by a few people, then a look at everything that came of them. */
export class Run {
  private readonly session: Session;
  private readonly judge: Judge;
  /** What was sent so far, as lines for a shell. */
  readonly sent: string[] = [];

  constructor(
    private readonly place: FuzzPlace,
    target: Pick<FuzzTarget, 'routes'>,
    private readonly watch: Watch,
    private readonly tally: Tally,
    id: string,
  ) {
    this.session = new Session(id, place.actors(id));
    this.judge = new Judge(place.engine, target.routes);
  }

  /**
   * Sends the requests, and has everyone read back what is known.
   *
   * @throws Violation for the first thing that an API must not do
   */
  async send(steps: readonly Step[]): Promise<void> {
    const { engine } = this.place;
    await engine.during(sleep(engine.clock, PAUSE_MS));
    for (const step of steps) await this.step(step);
    await this.readBack();
  }

  /** Lets everything end that the requests began. @throws Violation for what must not have come of them */
  async end(): Promise<void> {
    await this.place.engine.settle();
    const faults = [...this.watch.faults(), ...(await this.place.settled(this.session))];
    if (faults.length > 0) throw new Violation(faults, this.sent, { isLate: true });
  }

  private async step({ actor: pick, operation, mutations: changes, isTwice }: Step): Promise<void> {
    const { session, place } = this;
    const actor = session.actor(pick);
    const { request: bare, json, expected } = operation(session, actor);
    const headers = [...place.headers, ...bare.headers];
    const authorized = withHeader({ ...bare, headers }, 'authorization', `Bearer ${actor.token}`);
    const valid = json === undefined ? authorized : { ...authorized, body: jsonText(json) };
    let draft: Draft = { request: valid, json, isForged: false };
    for (const change of changes) draft = change(draft, session, actor);
    const before = place.footprint(session);
    const copies = Array.from({ length: isTwice ? 2 : 1 }, () => this.exchange(draft.request));
    const answers = await Promise.all(copies);
    this.tally.requests += answers.length;
    for (const answer of answers)
      this.judgeAnswer(actor, draft, changes.length === 0 && !isTwice ? expected : undefined, answer);
    const isRead = ['GET', 'HEAD', 'OPTIONS'].includes(draft.request.method);
    if (isRead || answers.every(({ statusCode }) => statusCode >= 400)) {
      const after = place.footprint(session);
      if (!isDeepStrictEqual(before, after)) {
        const what = isRead ? 'a request that reads' : 'a refused request';
        this.refuse([`${what} changed what is stored: ${JSON.stringify(before)} became ${JSON.stringify(after)}`]);
      }
    }
  }

  private judgeAnswer(actor: Actor, draft: Draft, expected: readonly number[] | undefined, answer: ApiAnswer): void {
    const { session, place } = this;
    const { request, isForged } = draft;
    this.tally.statuses.set(answer.statusCode, (this.tally.statuses.get(answer.statusCode) ?? 0) + 1);
    const faults = [
      ...this.judge.faults({ session, actor, request, answer, isForged, ...(expected !== undefined && { expected }) }),
      ...(isForged ? [] : place.observe(session, actor, request, answer)),
    ];
    // What was logged says why; without a fault it may be of what goes on behind.
    this.refuse(faults.length === 0 ? [] : [...faults, ...this.watch.errors()]);
  }

  /** Every user reads all that is known: it must be shown to its owner, and to no other user. */
  private async readBack(): Promise<void> {
    const readers = [...this.session.actors, undefined];
    for (const thing of this.session.things) {
      for (const reader of readers) {
        // Whoever has a thing of their own there is shown that one, in its turn.
        const own = reader === undefined ? undefined : this.session.at(thing.path, reader);
        if (own === undefined || own === thing) await this.read(thing, reader);
      }
    }
  }

  private async read(thing: Thing, reader: Actor | undefined): Promise<void> {
    const { session } = this;
    const bare = { method: 'GET', path: thing.path, query: [], headers: this.place.headers };
    const request = reader === undefined ? bare : withHeader(bare, 'authorization', `Bearer ${reader.token}`);
    const answer = await this.exchange(request);
    this.tally.reads += 1;
    const { statusCode, body } = answer;
    const found = { no: [200], going: [200, 404], yes: [404] }[thing.gone ?? 'no'];
    const allowed = reader === undefined ? [401] : mayRead(thing, reader) ? found : [403, 404];
    const actor = reader ?? thing.owner;
    this.refuse(
      this.judge.faults({ session, actor, request, answer, expected: allowed, isForged: reader === undefined }),
    );
    if (statusCode !== 200) return;
    const shown = parsed(body) ?? {};
    const wrong = Object.entries(thing.shown).filter(([name, value]) => !isDeepStrictEqual(shown[name], value));
    this.refuse(
      wrong.map(
        ([name, value]) =>
          `shows another "${name}" of the ${thing.kind} than was kept: ${excerpt(JSON.stringify(shown[name]))}, not ${excerpt(JSON.stringify(value))}`,
      ),
    );
  }

  private async exchange(request: FuzzRequest): Promise<ApiAnswer> {
    const names: [string, string][] = this.session.actors.map(({ name, token }) => [token, name.toUpperCase()]);
    for (const [name, value] of this.place.headers) names.push([value, name.toUpperCase().replaceAll('-', '_')]);
    const at = this.sent.push(curlLine(request, new Map(names))) - 1;
    try {
      const answer = await this.place.engine.during(this.place.send(request));
      this.sent[at] = `${this.sent[at]}   # ${answer.statusCode}`;
      return answer;
    } catch (error) {
      this.sent[at] = `${this.sent[at]}   # no answer`;
      throw new Violation([`is not answered at all: ${String(error)}`], this.sent);
    }
  }

  private refuse(faults: readonly string[]): void {
    if (faults.length > 0) throw new Violation(faults, this.sent);
  }
}
