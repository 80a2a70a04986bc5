import type { TryConfig } from './clients';

/** A request to the API of a deployed pattern. The user's token is added. */
export interface TriedRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What the API answered. */
export interface TriedAnswer {
  readonly status: number;
  readonly text: string;
  /** The text as JSON. @throws CommandError for one that is none, such as the page of a site */
  json(): unknown;
}

/** What a first request works with. */
export interface FirstRequestPlace {
  /** Values of the stack's outputs; those that {@link FirstRequest.outputs} names are there. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly region: string;
  /** How AWS is reached, where the answer is in a store and not in the API. */
  readonly config: TryConfig;
  /** Whether what was made stays, for whoever looks at it; see {@link discard}. */
  readonly keep: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** A key that no request had before, such as for `idempotency-key`. */
  newKey(): string;
  /**
   * Sends a request as the user, and again while the stack is not ready yet.
   *
   * @throws CommandError for an answer that is no 2xx, with its body, its request id, and where the logs are
   */
  ask(request: TriedRequest): Promise<TriedAnswer>;
  /** Sends a file to S3 by a presigned form, without the token. @throws CommandError for an answer that is no 2xx */
  upload(url: string, form: FormData): Promise<void>;
  /** Deletes what was made, unless it is to stay, after Ctrl-C too; what fails is said, and hides no other error. */
  discard(url: string): Promise<void>;
  /** Prints a request and its answer. */
  show(request: TriedRequest, answer: TriedAnswer): void;
  /** Prints a line of the result. */
  tell(text: string): void;
  /** Says what is under way. */
  say(text: string): void;
  /** Waits. @param duration milliseconds @throws Interrupted after Ctrl-C */
  pause(duration: number): Promise<void>;
}

/** The first question that a pattern is asked, told in `try/` of its folder. */
export interface FirstRequest {
  /** Outputs of the stack that it reads, besides `UserPoolId` and `UserPoolClientId`. */
  readonly outputs: readonly string[];
  /** Logical ids of the log groups that say why a request failed. */
  readonly logs: RegExp;
  /** Asks it, and shows what came back. @returns the request that a person may repeat */
  run(place: FirstRequestPlace): Promise<TriedRequest>;
}

/** First requests by the name of their pattern; each is loaded when it is asked for. */
export type FirstRequests = Readonly<Record<string, () => Promise<FirstRequest>>>;
