import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { buildHandlers } from './build-handlers';
import { MutableTemplate } from './mutable-template';
import type { Weakening } from './weakening';

/** A stack from which a handling was taken out, with the handlers that were built anew for it. */
export interface WeakenedStack {
  readonly stack: SynthesizedStack;
  readonly code?: Readonly<Record<string, string>>;
}

/** Takes a handling out of a stack. @throws Error when the stack does not have it */
export async function weaken(stack: SynthesizedStack, { template, handler }: Weakening): Promise<WeakenedStack> {
  const mutable = new MutableTemplate(stack.template);
  template?.(mutable);
  const code =
    handler === undefined ? undefined : await buildHandlers(handler.handlers, handler.source, handler.replace);
  return { stack: { ...stack, template: mutable.document }, code };
}
