import type { CatalogueId } from './catalogue';
import type { Inventory } from './inventory';
import type { TemplateResource } from './template-resource';

/** What a rule says of one resource. */
export type Verdict =
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'compliant' }
  /** Each finding says what is wrong and what is allowed. */
  | { readonly kind: 'violation'; readonly findings: readonly string[] }
  /** A value is known only at deployment. Never a pass. */
  | { readonly kind: 'cannot-tell'; readonly why: string };

/** One row of the catalogue as a check of any template. */
export interface Rule {
  readonly id: CatalogueId;
  /** Resource types that it looks at. */
  readonly types: readonly string[];
  /** Judges one resource. May throw `CannotTell`. */
  check(resource: TemplateResource, inventory: Inventory): Verdict;
}

export const notApplicable: Verdict = { kind: 'not-applicable' };
export const compliant: Verdict = { kind: 'compliant' };

/** Compliant without findings, else a violation. */
export function verdict(findings: readonly (string | false | undefined)[]): Verdict {
  const real = findings.filter((finding) => typeof finding === 'string');
  return real.length === 0 ? compliant : { kind: 'violation', findings: real };
}

/** A violation unless the condition holds. */
export function mustHold(condition: boolean, finding: string): Verdict {
  return verdict([!condition && finding]);
}

/** Functions that CDK itself adds for its custom resources: they run at deployment only and cannot be configured. */
export function isDeploymentHelper(fn: TemplateResource): boolean {
  return (
    fn.properties['Handler'] === '__entrypoint__.handler' ||
    /Custom::|LogRetention|CustomResourceProvider/.test(fn.path)
  );
}
