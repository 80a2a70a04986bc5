import type { Clients } from '../clients';
import type { DeadLetterQueue } from '../dead-letter-queues';

/** What becomes of a letter. */
export type Way =
  | {
      /** Where it goes, for people. */
      readonly goes: string;
      /** Sends it. Resolves once it arrived; what is sent twice is absorbed by whoever gets it. */
      readonly send: () => Promise<void>;
    }
  | {
      /** Why it cannot go back by itself. */
      readonly stays: string;
      /** What to do about it, with the exact commands. */
      readonly fix: string;
    };

/** What the ways need. */
export interface Road {
  readonly clients: Clients;
  readonly region: string;
  readonly queue: DeadLetterQueue;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The command that deletes one letter, once what it stands for is done. */
export function discarding({ queue, region }: Pick<Road, 'queue' | 'region'>, messageId: string): string {
  return `npx groundplan redrive ${queue.name} --region ${region} --only ${messageId} --discard --yes`;
}

/** A value as one word of a shell. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
