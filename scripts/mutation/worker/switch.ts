/** What a mutant's code asks: `groundplanMutant(id)`, and with -1 for each turn of a loop. */
declare global {
  var groundplanMutant: ((id: number) => boolean) | undefined;
}

/** So many questions after the error: code that catches it, and goes on, is ended with its process. */
const PATIENCE = 10_000;

/** Thrown where code asks far more often than it does without a mutant: a loop without an end. */
export class EndlessError extends Error {
  override readonly name = 'EndlessError';
}

/** Turns mutants on, one at a time, and tells what code was reached. */
export class MutantSwitch {
  private active: number | undefined;
  private reached = 0;
  private work = 0;
  private limit = Number.POSITIVE_INFINITY;
  private readonly lastSeen: Int32Array;
  private group = 1;
  private seen: number[] = [];

  /** @param most ids are below it */
  constructor(most: number) {
    this.lastSeen = new Int32Array(most);
    globalThis.groundplanMutant = (id) => this.ask(id);
  }

  /** @param limit questions that may be asked, then {@link EndlessError} */
  activate(id: number, limit: number): void {
    this.active = id;
    this.reached = 0;
    this.work = 0;
    this.limit = limit;
  }

  /** @returns how often the active mutant was reached */
  deactivate(): number {
    this.active = undefined;
    this.limit = Number.POSITIVE_INFINITY;
    return this.reached;
  }

  /** Whether the active mutant ran without an end. */
  get isEndless(): boolean {
    return this.work > this.limit;
  }

  /** @returns the mutants whose places were reached, and the questions asked, since the last call */
  take(): { readonly ids: readonly number[]; readonly work: number } {
    const taken = { ids: this.seen, work: this.work };
    this.seen = [];
    this.group++;
    this.work = 0;
    return taken;
  }

  private ask(id: number): boolean {
    this.work++;
    if (this.work > this.limit) this.refuse();
    if (id < 0) return false;
    if (this.active !== undefined) {
      if (id !== this.active) return false;
      this.reached++;
      return true;
    }
    if (this.lastSeen[id] !== this.group) {
      this.lastSeen[id] = this.group;
      this.seen.push(id);
    }
    return false;
  }

  /** A loop that catches the error as well ends with the process; whoever began it takes that for an answer. */
  private refuse(): never {
    if (this.work > this.limit + PATIENCE) process.kill(process.pid, 'SIGKILL');
    throw new EndlessError('the mutant does not end');
  }
}
