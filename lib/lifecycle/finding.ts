import type { TemplateResource } from '../template/template-resource';

/** What is rehearsed. */
export type Phase = 'create' | 'copy' | 'update' | 'delete';

/**
 * How much a finding matters: `fault` fails or loses something, `notice` is what to know before it happens, `cannot-tell` depends on
 * what the template does not say.
 */
export type Weight = 'fault' | 'notice' | 'cannot-tell';

/** What a rehearsal found: one cause, however many resources it is at. */
export interface Finding {
  /** Id of the check. */
  readonly check: string;
  readonly phase: Phase;
  readonly weight: Weight;
  /** Where: the resource that has to change comes first. */
  readonly resources: readonly TemplateResource[];
  /** What happens, and why. */
  readonly reason: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where AWS or its users say so. */
  readonly source: string;
}

/** The part of a finding that a check's findings share. */
export type Check = Pick<Finding, 'check' | 'phase' | 'fix' | 'source'>;
