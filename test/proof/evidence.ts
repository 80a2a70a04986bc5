import type { CatalogueId } from '../../lib/checks';
import { MutableTemplate } from '../../local/weaken/mutable-template';
import type { Mutation } from './mutation';
import { type NamedTest, type PatternProof, type ProofVariant, templateOf } from './pattern-proof';

/** The evidence for a row of a pattern. `rows.test.ts` and `handler-rows.test.ts` see that it does. */
export type Evidence =
  /** The row's rule finds nothing in the variant's template, and objects once the handling is taken out of it. */
  | { readonly kind: 'rule'; readonly variant: ProofVariant }
  /** The rule objects when the fault gets into the template, which has nothing to take out. */
  | { readonly kind: 'rule if it appears'; readonly variant: ProofVariant }
  /** Runs of the handlers, which fail once the handling is taken out of their source. */
  | { readonly kind: 'handlers'; readonly of: readonly string[] }
  | { readonly kind: 'test'; readonly test: NamedTest };

/**
 * The evidence for a row, the strongest first.
 *
 * @param isHandled whether anything in the pattern says that it handles the row
 */
export function evidenceOf(proof: PatternProof, id: CatalogueId, isHandled: boolean): readonly Evidence[] {
  const evidence: Evidence[] = [];
  const variants = proof.variants.filter((variant) => mutationsOf(variant, id).length > 0);
  const proving = isHandled
    ? variants.find((variant) => mutationsOf(variant, id).some(takesOutOf(variant)))
    : undefined;
  const [first] = variants;
  if (proving !== undefined) evidence.push({ kind: 'rule', variant: proving });
  else if (first !== undefined) evidence.push({ kind: 'rule if it appears', variant: first });
  const handlers = (proof.handlers ?? []).filter((each) => each.id === id);
  if (handlers.length > 0) evidence.push({ kind: 'handlers', of: handlers.flatMap(({ of }) => of ?? []) });
  return [...evidence, ...(proof.tests?.[id] ?? []).map((test) => ({ kind: 'test', test }) as const)];
}

function mutationsOf({ mutations, further = [] }: ProofVariant, id: CatalogueId): readonly Mutation[] {
  const first = mutations?.[id];
  const more = further.flatMap(([of, , mutation]) => (of === id ? [mutation] : []));
  return first === undefined ? more : [first, ...more];
}

function takesOutOf(variant: ProofVariant): (mutation: Mutation) => boolean {
  return (mutation) => {
    const template = templateOf(variant, 'staging');
    const mutated = new MutableTemplate(template);
    mutation(mutated);
    return !isContained(template, mutated.document);
  };
}

/**
 * Tells whether everything of a value is still in another one: members of objects under their names, items of lists in their order. A
 * mutation that leaves all of a template in it takes nothing out.
 */
export function isContained(value: unknown, other: unknown): boolean {
  if (Array.isArray(value)) {
    let next = 0;
    return (
      Array.isArray(other) &&
      value.every((item) => {
        const found = other.findIndex((each, index) => index >= next && isContained(item, each));
        next = found + 1;
        return found >= 0;
      })
    );
  }
  if (typeof value !== 'object' || value === null) return value === other;
  if (typeof other !== 'object' || other === null || Array.isArray(other)) return false;
  const members = new Map<string, unknown>(Object.entries(other));
  return Object.entries(value).every(([name, member]) => members.has(name) && isContained(member, members.get(name)));
}
