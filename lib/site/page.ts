/** What a page may ask of the site that it is a page of. */
export interface SiteControl {
  /** Goes to a path of this site. */
  open(path: string): void;
  /** Runs what a person asked for, and says what goes wrong. The control stays off until it ends, so that it runs once. */
  run(control: HTMLButtonElement, action: () => Promise<void>): Promise<void>;
  /** Says what went wrong, and offers to sign in again where that is it. */
  complain(error: unknown): void;
}

/** A page: its first child is its heading. */
export interface Page {
  readonly title: string;
  readonly content: readonly Node[];
}
