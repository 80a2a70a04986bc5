import { AsyncLocalStorage } from 'node:async_hooks';
import { logger } from '../../../lib/runtime/observability';

/** What every line of a request's log says. */
export interface RequestAttributes {
  readonly requestId: string;
}

const current = new AsyncLocalStorage<RequestAttributes>();

/** Does a request's work: each line that is logged meanwhile, however deep, carries the attributes. */
export function logging<T>(attributes: RequestAttributes, work: () => T): T {
  return current.run(attributes, work);
}

/** The log, which knows the request. Never log more of an item than its id. */
export const log = {
  info: (message: string, attributes: Readonly<Record<string, unknown>> = {}): void =>
    logger.info(message, { ...current.getStore(), ...attributes }),
  warn: (message: string, error: unknown): void => logger.warn(message, { ...current.getStore(), ...asError(error) }),
  error: (message: string, error: unknown): void => logger.error(message, { ...current.getStore(), ...asError(error) }),
};

function asError(error: unknown): { readonly error: Error } {
  return { error: error instanceof Error ? error : new Error(String(error)) };
}
