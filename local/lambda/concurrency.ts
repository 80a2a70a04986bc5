import { LAMBDA_LIMITS } from '../limits/lambda';
import type { FunctionDefinition } from './sandbox';

/** An account's concurrency: what functions reserve is theirs alone, the rest belongs to all that reserve nothing. */
export class AccountConcurrency {
  private readonly running = new Map<string, number>();
  private unreservedRunning = 0;
  private readonly unreserved: number;
  /** Whether other functions of the account have taken all that is not reserved. */
  takenByOthers: () => boolean = () => false;

  constructor(functions: readonly FunctionDefinition[], limit: number = LAMBDA_LIMITS.rows.accountConcurrency.max) {
    this.unreserved = limit - functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
  }

  /** Takes a place for one execution. @returns whether there was one */
  take({ name, reservedConcurrency }: FunctionDefinition): boolean {
    const running = this.running.get(name) ?? 0;
    if (reservedConcurrency === undefined) {
      if (this.takenByOthers() || this.unreservedRunning >= this.unreserved) return false;
      this.unreservedRunning += 1;
    } else if (running >= reservedConcurrency) {
      return false;
    }
    this.running.set(name, running + 1);
    return true;
  }

  give({ name, reservedConcurrency }: FunctionDefinition): void {
    this.running.set(name, (this.running.get(name) ?? 0) - 1);
    if (reservedConcurrency === undefined) this.unreservedRunning -= 1;
  }
}
