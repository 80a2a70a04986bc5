import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { CatalogueId } from '../catalogue/catalogue';

/** Why a value cannot work, in the parts that one clear error needs. */
export interface Refusal {
  /** The prop, as the user wrote it. */
  readonly prop: string;
  /** The value that was given. */
  readonly value: unknown;
  /** What is allowed, with its unit. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
  /** The catalogue row that says why. @default - none: the value is malformed rather than risky */
  readonly catalogueId?: CatalogueId;
}

/** Thrown at synth for a value that cannot work. The message is the whole story; there is nothing to look up. */
export class RefusedValueError extends Error {
  constructor(
    readonly constructPath: string,
    readonly refusal: Refusal,
  ) {
    const why = refusal.catalogueId === undefined ? '' : ` [${refusal.catalogueId}]`;
    const where = constructPath === '' ? 'app' : constructPath;
    super(
      `${where}: ${refusal.prop} is ${printable(refusal.value)}; allowed: ${refusal.allowed}.${why} Fix: ${refusal.fix}`,
    );
    this.name = 'RefusedValueError';
  }
}

/** Refuses a value: throws {@link RefusedValueError}. */
export function refuse(scope: IConstruct, refusal: Refusal): never {
  throw new RefusedValueError(scope.node.path, refusal);
}

/**
 * Warns of a value that is legal but probably wrong. The warning can be acknowledged with
 * `Annotations.of(construct).acknowledgeWarning('groundplan:<id>')`.
 */
export function warn(scope: IConstruct, catalogueId: CatalogueId, message: string): void {
  Annotations.of(scope).addWarningV2(`groundplan:${catalogueId}`, message);
}

function printable(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return Array.isArray(value) ? value.map(printable).join(', ') : String(value);
}
