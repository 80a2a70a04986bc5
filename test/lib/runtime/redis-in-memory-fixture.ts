/** What a server says no to, as `redis-connection.lazy` marks it. */
export class Refusal extends Error {
  readonly isRefusal = true;
}

/** A connection to a Redis of one Map, which notes what it is asked. */
export class MemoryConnection {
  destroyed = 0;
  readonly asked: (readonly string[])[] = [];

  /** @param answer decides what a command comes to */
  constructor(private readonly answer: (words: readonly string[]) => unknown) {}

  async command(words: readonly string[]): Promise<unknown> {
    this.asked.push(words);
    return this.answer(words);
  }

  destroy(): void {
    this.destroyed += 1;
  }
}
