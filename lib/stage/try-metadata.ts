/** Where `groundplan try` reads, in the deployed template's `Metadata`, what a stack is. */
export const TRY_METADATA = 'groundplan';

/** What {@link TRY_METADATA} holds. */
export interface TryMetadata {
  readonly pattern: string;
  /** Name of the stage. */
  readonly stage: string;
}

/** Outputs of a stack that say how to begin. */
export const TryOutputs = {
  /** In dev: the line that makes a user and asks the first question. */
  tryIt: 'Try',
  /** In every other stage: the line that makes a user of a person. */
  firstUser: 'FirstUser',
} as const;
