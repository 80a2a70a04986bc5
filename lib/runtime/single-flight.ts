/**
 * Lets callers who want the same at once share one run. A caller never gets what a run found that began before it asked: while
 * one runs, all who come share the next. So what a caller wrote before is always seen.
 */
export class SingleFlight {
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, Promise<unknown>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#start(key, work);
    const known = this.#next.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const next = running
      .catch(() => {})
      .then(() => {
        this.#next.delete(key);
        return this.#start(key, work);
      });
    this.#next.set(key, next);
    return next;
  }

  #start<T>(key: string, work: () => Promise<T>): Promise<T> {
    const run: Promise<T> = work().finally(() => {
      if (this.#running.get(key) === run) this.#running.delete(key);
    });
    this.#running.set(key, run);
    return run;
  }
}
