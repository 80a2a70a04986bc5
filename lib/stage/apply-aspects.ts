import { Aspects, type IAspect, type Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Aspects of blocks, which are about the scope that they were added to and no other. */
const OWN = new WeakSet<IAspect>();

/** Before every aspect of a user, whose priorities begin with `AspectPriority.MUTATING` (200). */
const FIRST = 0;

/** Adds an aspect of a block: {@link applyAspectsOf} leaves it where it is. */
export function addOwnAspect(scope: IConstruct, aspect: IAspect, priority: number): void {
  OWN.add(aspect);
  Aspects.of(scope).add(aspect, { priority });
}

/**
 * Applies the aspects of a stack to another one that was made for it, such as tags and a permissions boundary, also those that are added
 * later.
 *
 * @param counterpart a stack that stands behind the first in the tree
 */
export function applyAspectsOf(stack: Stack, counterpart: Stack): void {
  const applied = new Set<IAspect>();
  const applyAll: IAspect = {
    visit: (node) => {
      if (node !== stack) return;
      for (const { aspect, priority } of Aspects.of(stack).applied) {
        if (OWN.has(aspect) || applied.has(aspect)) continue;
        applied.add(aspect);
        Aspects.of(counterpart).add(aspect, { priority });
      }
    },
  };
  addOwnAspect(stack, applyAll, FIRST);
}
