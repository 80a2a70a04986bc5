import type { StageName } from '../../lib';
import { CATALOGUE, type CatalogueId, type CatalogueRow, type TemplateDocument } from '../../lib/checks';
import type { Mutation } from './mutation';

/** A row of the catalogue that touches a pattern. */
export type TouchingRow = CatalogueRow & { readonly id: CatalogueId };

/** How a pattern is proven: `proof` of `test/proof/<name>/proof.ts`. */
export interface PatternProof {
  /** What the pattern is called in a sentence, such as `event-driven pattern`. */
  readonly title: string;
  /** The tier 1 and 2 rows that touch it: {@link rowsOf}. */
  readonly rows: readonly TouchingRow[];
  /** How many they are, so that none goes missing unseen. */
  readonly rowCount: number;
  /** What is judged. The first is the pattern as it comes. */
  readonly variants: readonly [ProofVariant, ...ProofVariant[]];
  /** Rules that dev does without, each acknowledged where it is: no other stage has a finding. @default - none */
  readonly acknowledgedInDev?: readonly CatalogueId[];
  /** Rows that live in the handlers' code. @default - none */
  readonly handlers?: readonly HandlerProof[];
  /** Rows that a test of their own is about. @default - none */
  readonly tests?: Partial<Record<CatalogueId, readonly NamedTest[]>>;
  /** What handles a row where no resource can say so. @default - only what resources say */
  readonly stated?: Partial<Record<CatalogueId, string>>;
  /** Rows about what the pattern does not have, with the reason why nothing checks them. @default - none */
  readonly absent?: Partial<Record<CatalogueId, string>>;
}

/** A pattern with some of its options, as it is deployed. */
export interface ProofVariant {
  /** As it follows the stage in a sentence, such as `with an edge`; empty for the pattern as it comes. */
  readonly name: string;
  /** Its templates in a stage, by stack. A variant with mutations is in one stack. */
  readonly templates: (stage: StageName) => Readonly<Record<string, TemplateDocument>>;
  /** Findings that the rules make of it at least: a template that is not looked at has none. */
  readonly minFindings: number;
  /** Rules that it does without in every stage, once for each resource that acknowledges one. @default - none */
  readonly acknowledged?: readonly CatalogueId[];
  /** For each row with a rule: how its handling is taken out of the template, or how the fault gets in. @default - none */
  readonly mutations?: Partial<Record<CatalogueId, Mutation>>;
  /** More that the same rules must object to: what one mutation of a row does not show. @default - none */
  readonly further?: readonly (readonly [id: CatalogueId, when: string, mutation: Mutation])[];
}

/** A row that lives in the handlers' code: a run shows it, and no longer does once the handling is taken out of their source. */
export interface HandlerProof {
  readonly id: CatalogueId;
  /** What is proven, when a row has several. @default - the row */
  readonly of?: string;
  /**
   * Runs the handlers as written, or with a text of their source replaced, and tells whether the row holds.
   *
   * @throws Error when the source has no such text: the proof would prove nothing
   */
  readonly holds: (isTakenOut: boolean) => Promise<boolean>;
}

/** A test by its file and name. */
export interface NamedTest {
  readonly file: string;
  /** Part of the name, as the file spells it. */
  readonly name: string;
  /** Whether the test itself takes the handling out, and sees that this is noticed. @default false */
  readonly takesOut?: boolean;
}

/**
 * The tier 1 and 2 rows that touch a pattern: those of which the catalogue says so, and those that the pattern's own proof adds. A new
 * pattern names its rows in its proof.
 */
export function rowsOf(pattern: string, further: readonly CatalogueId[] = []): readonly TouchingRow[] {
  const rows: readonly TouchingRow[] = CATALOGUE;
  return rows.filter(({ id, patterns, tier }) => tier !== 3 && (patterns.includes(pattern) || further.includes(id)));
}

/** The proof of a pattern, by the pattern's name. */
export async function proofOf(name: string): Promise<PatternProof> {
  const { proof } = (await import(`./${name}/proof.ts`)) as { readonly proof: PatternProof };
  return proof;
}

/** The one template of a variant in a stage. @throws Error when it is in several stacks: a mutation changes one */
export function templateOf({ name, templates }: ProofVariant, stage: StageName): TemplateDocument {
  const [template, ...more] = Object.values(templates(stage));
  if (template === undefined || more.length > 0) throw new Error(`The variant ${name} is not in one stack`);
  return template;
}
