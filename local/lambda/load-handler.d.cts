/** A Lambda handler. */
export type Handler = (event: unknown, context: unknown) => unknown;

/** Loads a handler. @throws Error whose name is what Lambda reports */
export function loadHandler(
  folder: string,
  handler: string,
  load: (path: string) => Readonly<Record<string, unknown>>,
): Handler;
