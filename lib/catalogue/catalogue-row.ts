/** How the patterns handle a gotcha, besides by a rule: the first named is the main way. */
export type Mechanism = 'construct default' | 'refused at synth' | 'handler' | 'alarm' | 'documented';

/** One known gotcha. */
export interface CatalogueRow {
  readonly id: string;
  /** Lines of the practitioner's guide that it comes from. */
  readonly guideLines: readonly string[];
  /** 1: outages, data loss, leaks or large bills. 2: cheap to enforce and to test. 3: opt-in, or documentation. */
  readonly tier: 1 | 2 | 3;
  /** Not said word for word by the guide: what has to be true for its lines to hold. */
  readonly derived: boolean;
  /** The patterns of this package that it touches, by the names of their folders. */
  readonly patterns: readonly string[];
  /** Empty for a row that a rule alone looks after, or that is not handled. Whether it has a rule, the rules say (`mechanismsOf`). */
  readonly mechanisms: readonly Mechanism[];
  /** What to know, as true today. */
  readonly claim: string;
  /** What must hold in a template or handler. */
  readonly condition: string;
  /** Why no pattern touches it. */
  readonly outside?: string;
}
