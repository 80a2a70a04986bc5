/** Where a command reads and writes, so that a test can act as a person. */
export interface Terminal {
  /** Writes the command's result. */
  out(text: string): void;
  /** Writes progress and errors. */
  err(text: string): void;
  /** Tells whether a person can be asked. */
  readonly interactive: boolean;
  /** Asks a question and waits for the answer. */
  ask(question: string): Promise<string>;
  /** Waits. Milliseconds. */
  sleep(duration: number): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back at the first Ctrl-C; the next one ends the process as ever. @returns how to listen no more */
  onInterrupt(heard: () => void): () => void;
}

/** An error whose message is all that the person needs. */
export class CommandError extends Error {
  constructor(
    message: string,
    /** 1: it could not be done. 2: it was asked for wrongly. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The text of an error for a person: with AWS's own message, but without the place in the SDK. */
export function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message.replace(/\s+/g, ' ')}` : String(error);
}
