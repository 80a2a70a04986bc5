import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
import { CATALOGUE, type CatalogueRow, type Finding, runRulesOnTemplates } from '../../lib/checks';
import { MutableTemplate } from '../../local/weaken/mutable-template';
import { PATTERNS } from '../../patterns/patterns';
import { evidenceOf } from './evidence';
import { type PatternProof, type ProofVariant, proofOf, templateOf } from './pattern-proof';

const sayWhat = ({ id, resource, verdict }: Finding) => [id, resource.path, verdict];
const named = (text: string, { name }: ProofVariant) => (name === '' ? text : `${text}, ${name}`);

/** The rules are silent about what is deployed, in every stage. */
function areSilent({ variants, acknowledgedInDev = [] }: PatternProof): void {
  for (const variant of variants) {
    it.each(STAGE_NAMES)(named('object to nothing, and can tell everything, in %s', variant), (stage) => {
      const findings = runRulesOnTemplates(variant.templates(stage), { strict: stage !== 'dev' });
      expect(findings.length).toBeGreaterThan(variant.minFindings);
      const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
      const known: readonly string[] = [...(variant.acknowledged ?? []), ...(stage === 'dev' ? acknowledgedInDev : [])];
      expect(bad.filter(({ id }) => !known.includes(id)).map(sayWhat)).toEqual([]);
      expect(bad.map(({ id }) => id).sort()).toEqual([...known].sort());
    });
  }
}

/** They object to each mutation, by the id that the mutation is of. */
function object(variant: ProofVariant): void {
  const { mutations = {}, further = [] } = variant;
  const all = [...Object.entries(mutations).map(([id, mutate]) => [id, 'it is mutated', mutate] as const), ...further];
  it.each(all)(named('object by %s when %s', variant), (id, _when, mutate) => {
    const template = new MutableTemplate(templateOf(variant, 'staging'));
    mutate(template);
    const findings = runRulesOnTemplates({ Mutated: template.document }, { strict: true });
    const objections = findings.filter(({ verdict }) => verdict.kind === 'violation');
    expect(objections.map((finding) => finding.id)).toContain(id);
  });
}

it('the catalogue names no pattern that there is not', () => {
  const names = PATTERNS.map(({ name }) => name);
  const rows: readonly CatalogueRow[] = CATALOGUE;
  expect(rows.flatMap(({ patterns }) => patterns).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(PATTERNS.map(({ name }) => name))('%s', async (name) => {
  const proof = await proofOf(name);

  describe('the rules', () => {
    areSilent(proof);
    for (const variant of proof.variants) object(variant);
  });

  describe('each tier 1 and 2 row that touches it', () => {
    it(`is one of ${proof.rowCount}`, () => {
      expect(proof.rows).toHaveLength(proof.rowCount);
    });

    it.each(proof.rows.map(({ id }) => id))('%s has a proof or a test, or a reason for none', (id) => {
      const evidence = evidenceOf(proof, id, true);
      expect(evidence.length > 0, 'a proof or a test, or else a reason').toBe(proof.absent?.[id] === undefined);
      for (const { file, name: test } of proof.tests?.[id] ?? []) {
        const path = join(__dirname, '../..', file);
        expect(existsSync(path) && readFileSync(path, 'utf8').includes(test), `${file}: ${test}`).toBe(true);
      }
    });
  });

  it('says nothing of rows that do not touch it', () => {
    const { handlers = [], tests, stated, absent, rows } = proof;
    const said = [
      ...handlers.map(({ id }) => id),
      ...[tests, stated, absent].flatMap((each) => Object.keys(each ?? {})),
    ];
    expect(said.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  });
});
