import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { type CatalogueId, runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { genAiRagTemplate, VECTOR_STORES } from '../../synthesize';
import { ANSWER_PROOFS } from './answer-proofs';
import { DOCUMENT_PROOFS } from './document-proofs';
import { FURTHER, MUTATIONS, S3_VECTORS_MUTATIONS } from './mutations';
import { ROWS, TESTS } from './proofs';

type Store = keyof typeof VECTOR_STORES;
const STORES = Object.keys(VECTOR_STORES) as Store[];

const documentOf = (store: Store, stage: (typeof STAGE_NAMES)[number] = 'staging') =>
  genAiRagTemplate(stage, store).toJSON() as TemplateDocument;
const findingsOf = (template: TemplateDocument, strict = true) =>
  runRulesOnTemplates({ GenAiRag: template }, { strict });

/** What dev does without, and says so where it does: a web ACL costs more than all of dev. */
const ACKNOWLEDGED_IN_DEV = ['waf-on-cloudfront'];

describe('the rules', () => {
  for (const stage of STAGE_NAMES) {
    it.each(STORES)(`object to nothing, and can tell everything, in ${stage} with %s`, (store) => {
      const findings = findingsOf(documentOf(store, stage), stage !== 'dev');
      expect(findings.length).toBeGreaterThan(300);
      const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
      const known = stage === 'dev' ? ACKNOWLEDGED_IN_DEV : [];
      const unknown = bad.filter(({ id }) => !known.includes(id));
      expect(unknown.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
      expect(bad.map(({ id }) => id)).toEqual(known);
    });
  }

  const mutations = [
    ...Object.entries(MUTATIONS).map(
      ([id, mutate]) => [id, 'its handling is taken out', 'opensearch', mutate] as const,
    ),
    ...FURTHER.map(([id, when, mutate]) => [id, when, 'opensearch', mutate] as const),
    ...Object.entries(S3_VECTORS_MUTATIONS).map(
      ([id, mutate]) => [id, 'its handling is taken out', 's3-vectors', mutate] as const,
    ),
  ];
  it.each(mutations)('object by %s when %s, with %s', (id, _when, store, mutate) => {
    const template = new MutableTemplate(documentOf(store));
    mutate(template);
    const objections = findingsOf(template.document).filter((finding) => finding.verdict.kind === 'violation');
    expect(objections.map((finding) => finding.id)).toContain(id);
  });
});

describe('each tier 1 and 2 row that touches the pattern', () => {
  const byHandlers = new Set<CatalogueId>([...ANSWER_PROOFS, ...DOCUMENT_PROOFS].map(([id]) => id));

  it('is one of 88', () => {
    expect(ROWS).toHaveLength(88);
  });

  it.each(ROWS.map(({ id }) => id))('%s has a proof', (id) => {
    const [file, name = ''] = TESTS[id] ?? [];
    if (file !== undefined) {
      const path = join(__dirname, '../../..', file);
      expect(existsSync(path) && readFileSync(path, 'utf8').includes(name), `${file}: ${name}`).toBe(true);
    }
    expect(MUTATIONS[id] !== undefined || byHandlers.has(id) || file !== undefined, id).toBe(true);
  });
});
