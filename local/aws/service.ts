/** One AWS call as a local store sees it: decoded input. */
export type LocalInput = Record<string, unknown>;

/** An error answer of a local store, in AWS's shape. */
export class AwsError extends Error {
  constructor(
    /** Error code as AWS names it, for example `ConditionalCheckFailedException`. */
    readonly code: string,
    message: string,
    /** HTTP status. */
    readonly status = 400,
    /** Further members of the error document, for example `CancellationReasons`. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** A store that answers the calls of one AWS service from memory. */
export interface LocalService {
  /** Performs one action. Throws {@link AwsError} for an error answer. */
  call(action: string, input: LocalInput): LocalInput | Promise<LocalInput>;
}

/** Where the stores pretend to be. */
export interface Location {
  readonly account: string;
  readonly region: string;
}
