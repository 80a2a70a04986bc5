/** Shows where a long run is: in one line that changes where someone watches, in few lines elsewhere. */
export class Progress {
  private shownAt = 0;
  private readonly live: boolean;

  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly now: () => number = Date.now,
  ) {
    this.live = out.isTTY === true;
  }

  /** A line that stays. */
  say(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
  }

  /** Where things are; shown as often as one can read it. */
  update(text: () => string): void {
    const every = this.live ? 100 : 5000;
    if (this.now() - this.shownAt < every) return;
    this.shownAt = this.now();
    if (this.live) this.out.write(`\r\u001b[2K${text().slice(0, (this.out.columns ?? 80) - 1)}`);
    else this.out.write(`${text()}\n`);
  }

  clear(): void {
    if (this.live) this.out.write('\r\u001b[2K');
  }
}
