import { CATALOGUE, type CatalogueId, type CatalogueRow, RULES } from '../../../lib/checks';
import { HANDLER_PROOFS } from './handler-proofs';
import { MUTATIONS } from './mutations';

/** How a row is proven for the event-driven pattern. */
export type Proof =
  /** The row's rule finds nothing in the template, and objects once the handling is taken out of it. */
  | { readonly kind: 'rule' }
  /** A run of the pattern shows it, and no longer does once the handling is taken out of the handler. */
  | { readonly kind: 'handler' }
  /** A test of its own. */
  | { readonly kind: 'test'; readonly file: string; readonly name: string; readonly handling: string }
  /** Not handled by this pattern alone. */
  | { readonly kind: 'waits'; readonly why: string };

const OTHERS: Partial<Record<CatalogueId, Proof>> = {
  'ddb-prewarm-burst': {
    kind: 'test',
    file: 'test/lib/service-table.test.ts',
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
    file: 'test/proof/validator.test.ts',
    name: 'is really on',
    handling: 'cdk.json sets @aws-cdk/core:validateAgainstDefaultRules',
  },
  'cloudfront-fronts-everything': {
    kind: 'waits',
    why: 'the web app brings the distribution; this API checks tokens itself and is reachable directly until then',
  },
};

/** The tier 1 and 2 rows that touch the pattern. */
export const ROWS: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE.filter(
  ({ patterns, tier }) => patterns.includes('event-driven') && tier !== 3,
);

/** Every proof of a row; a row in a template and in a handler has two. */
export function proofsOf(id: CatalogueId): Proof[] {
  const proofs: Proof[] = [];
  if (MUTATIONS[id] !== undefined && RULES.some((rule) => rule.id === id)) proofs.push({ kind: 'rule' });
  if (HANDLER_PROOFS[id] !== undefined) proofs.push({ kind: 'handler' });
  const other = OTHERS[id];
  if (other !== undefined) proofs.push(other);
  return proofs;
}
