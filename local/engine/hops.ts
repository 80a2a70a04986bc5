/** How long something took on its way, by the hop's name. */
export interface Hop {
  readonly name: string;
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Latencies of every hop that data takes. */
export class Hops {
  private readonly samples = new Map<string, number[]>();

  observe(name: string, ms: number): void {
    const known = this.samples.get(name);
    if (known === undefined) this.samples.set(name, [ms]);
    else known.push(ms);
  }

  /** The hops in the order in which data first took them. */
  summary(): readonly Hop[] {
    return [...this.samples].map(([name, samples]) => {
      const sorted = [...samples].sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
      return { name, count: sorted.length, p50: at(0.5), p99: at(0.99) };
    });
  }
}
