import { CATALOGUE, type CatalogueId, type CatalogueRow, RULES } from '../../../lib/checks';
import { HANDLER_PROOFS } from './handler-proofs';
import { EDGE_MUTATIONS, MUTATIONS } from './mutations';

/** How a row is proven for the event-driven pattern. */
export type Proof =
  /**
   * The row's rule finds nothing in the template, and objects once the handling is taken out of it; `edge`: of the template with
   * that option.
   */
  | { readonly kind: 'rule'; readonly edge: boolean }
  /** A run of the pattern shows it, and no longer does once the handling is taken out of the handler. */
  | { readonly kind: 'handler' }
  /** A test of its own. */
  | { readonly kind: 'test'; readonly file: string; readonly name: string; readonly handling: string };

const OTHERS: Partial<Record<CatalogueId, Proof>> = {
  'ddb-prewarm-burst': {
    kind: 'test',
    file: 'test/lib/database/service-table.test.ts',
    name: 'is warm for the peak that was declared',
    handling: '`expectedPeak` of ServiceTable sets WarmThroughput',
  },
  'iac-env-profiles': {
    kind: 'test',
    file: 'test/patterns/event-driven/stages.test.ts',
    name: 'prod',
    handling: '`stage` decides sizes, retention and removal; prod turns warnings into errors',
  },
  'cdk-default-rules-as-errors': {
    kind: 'test',
    file: 'test/proof/rule-packs.test.ts',
    name: 'are really on',
    handling: 'cdk.json sets @aws-cdk/core:validateAgainstDefaultRules',
  },
  'cloudfront-fronts-everything': {
    kind: 'test',
    file: 'test/patterns/event-driven/edge.test.ts',
    name: 'refuses who comes around it',
    handling: 'the orders function with the option `edge`; without it each caller needs a token',
  },
};

/** The tier 1 and 2 rows that touch the pattern. */
export const ROWS: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE.filter(
  ({ patterns, tier }) => patterns.includes('event-driven') && tier !== 3,
);

/** Every proof of a row; a row in a template and in a handler has two. */
export function proofsOf(id: CatalogueId): Proof[] {
  const proofs: Proof[] = [];
  const mutation = MUTATIONS[id] ?? EDGE_MUTATIONS[id];
  if (mutation !== undefined && RULES.some((rule) => rule.id === id)) {
    proofs.push({ kind: 'rule', edge: MUTATIONS[id] === undefined });
  }
  if (HANDLER_PROOFS[id] !== undefined) proofs.push({ kind: 'handler' });
  const other = OTHERS[id];
  if (other !== undefined) proofs.push(other);
  return proofs;
}
