/** Lets through a steady rate and a burst. What is larger than the burst leaves a debt, which is paid off first. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly ratePerSecond: number,
    private readonly burst: number,
    private readonly now: () => number,
  ) {
    this.tokens = burst;
    this.filledAt = now();
  }

  /** Takes tokens. @returns whether there were so many */
  take(amount = 1): boolean {
    if (!this.has(amount)) return false;
    this.spend(amount);
    return true;
  }

  /** Whether it holds so many, or is full. */
  has(amount = 1): boolean {
    this.fill();
    return this.tokens >= Math.min(amount, this.burst);
  }

  /** Takes tokens, also such as are not there yet. */
  spend(amount: number): void {
    this.fill();
    this.tokens -= amount;
  }

  /** Whole milliseconds until it {@link has} so many. */
  wait(amount = 1): number {
    this.fill();
    const missing = Math.min(amount, this.burst) - this.tokens;
    return missing <= 0 ? 0 : Math.ceil((1000 * missing) / this.ratePerSecond);
  }

  private fill(): void {
    const now = this.now();
    if (now === this.filledAt) return;
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.ratePerSecond);
    this.filledAt = now;
  }
}
