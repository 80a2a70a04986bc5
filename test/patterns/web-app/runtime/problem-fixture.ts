import { Problem } from '../../../../lib/runtime/problem';

/** What a refusal tells its sender. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly message: string;
}

/** The problem that something throws. @throws Error if it throws nothing, or something else */
export function problemOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    return refusalOf(error);
  }
  throw new Error('Nothing was refused');
}

/** The problem that something is rejected with. @throws Error if it is not, or for something else */
export async function problemOfAsync(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => new Error('Nothing was refused'),
    (reason: unknown) => reason,
  );
  return refusalOf(error);
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Problem)) throw error;
  const { status, code, field, message } = error;
  return { status, code, field, message };
}
