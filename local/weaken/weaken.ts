import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { buildHandlers } from './build-handlers';
import { MutableTemplate } from './mutable-template';
import type { Weakening } from './weakening';

/** A stack from which a handling was taken out, with the handlers that were built anew for it. */
export interface WeakenedStack {
  readonly stack: SynthesizedStack;
  readonly code?: Readonly<Record<string, string>>;
}

/** A stack with all its handlings, as the healthy one of two runs has it. */
export function prepared(stack: SynthesizedStack, { prepare }: Weakening): SynthesizedStack {
  if (prepare === undefined) return stack;
  const mutable = new MutableTemplate(stack.template);
  prepare(mutable);
  return { ...stack, template: mutable.document };
}

/** Takes a handling out of a stack. @throws Error when the stack does not have it */
export async function weaken(stack: SynthesizedStack, weakening: Weakening): Promise<WeakenedStack> {
  const { template, handler } = weakening;
  const mutable = new MutableTemplate(prepared(stack, weakening).template);
  template?.(mutable);
  const code =
    handler === undefined ? undefined : await buildHandlers(handler.handlers, handler.source, handler.replace);
  return { stack: { ...stack, template: mutable.document }, code };
}
