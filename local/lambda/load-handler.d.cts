/** A Lambda handler. */
export type Handler = (event: unknown, context: unknown) => unknown;

/** Loads a handler. @throws Error whose name is what Lambda reports */
export function loadHandler(
  folder: string,
  handler: string,
  load: (path: string) => Readonly<Record<string, unknown>>,
): Handler;

/** An answer as JSON. @throws Error of Lambda's runtime for what JSON cannot say */
export function serialized(result: unknown): string | undefined;
