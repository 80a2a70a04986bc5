// @project unit
import { describe, expect, it } from 'vitest';
import { readBaseline, writeBaseline } from '../../../../lib/operations/check/baseline';
import { Places } from '../../../../lib/operations/check/places';
import { causes } from '../../../../lib/operations/check/report';
import { findTemplates } from '../../../../lib/template/read-templates';
import { TemplateIndex } from '../../../../lib/template/template-index';
import { queue, template, useCheck } from './check-fixture';

const check = useCheck();

/** The fingerprint of each resource. */
function fingerprints(...paths: readonly string[]) {
  const set = findTemplates(paths);
  const places = new Places(set, process.cwd());
  const index = new TemplateIndex(set.templates, { nested: set.nested });
  return index.resources.map((resource) => places.of(resource, 'a-rule').fingerprint);
}

describe('a fingerprint', () => {
  it('is of the rule, the stack and the resource', () => {
    check.file('shop.json', template({ A: queue(), B: queue() }));
    check.file('other/shop.json', template({ A: queue() }));
    const all = fingerprints('shop.json', 'other/shop.json');
    expect(new Set(all).size).toBe(3);
    const [first] = all;
    const set = findTemplates(['shop.json']);
    const [resource] = new TemplateIndex(set.templates).resources;
    if (resource === undefined) throw new Error('it has a resource');
    expect(new Places(set, process.cwd()).of(resource, 'another').fingerprint).not.toBe(first);
  });

  it('stays where lines, values and the order of files change', () => {
    check.file('shop.json', template({ A: queue() }));
    check.file('other/shop.json', template({ A: queue() }));
    const [a, b] = fingerprints('shop.json', 'other/shop.json');
    check.file('shop.json', `\n\n${JSON.stringify(template({ A: queue({ QueueName: 'new' }) }))}`);
    expect(fingerprints('other/shop.json', 'shop.json')).toEqual([b, a]);
  });

  it('is of the stack where an app names it, wherever its assembly is', () => {
    const artifacts = { Shop: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Shop.json' } } };
    for (const folder of ['one', 'two']) {
      check.file(`${folder}/manifest.json`, { artifacts });
      check.file(`${folder}/Shop.json`, template({ A: queue() }));
    }
    expect(fingerprints('one')).toEqual(fingerprints('two'));
  });

  it('tells a template apart that is nested twice', () => {
    const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'child.json' } };
    check.file('shop.json', template({ A: nested, B: nested }));
    check.file('child.json', template({ Q: queue() }));
    expect(new Set(fingerprints('shop.json')).size).toBe(4);
  });
});

describe('a baseline', () => {
  it.each([
    ['[]', 'a.json is no baseline; groundplan check --write-baseline a.json writes one'],
    ['{"version": 2, "findings": []}', 'a.json is no baseline; groundplan check --write-baseline a.json writes one'],
    ['{"version": 1}', 'a.json is no baseline; groundplan check --write-baseline a.json writes one'],
    ['{', /^a\.json cannot be read: /],
  ])('is not %s', (content, message) => {
    check.file('a.json', content);
    expect(() => readBaseline('a.json')).toThrow(message);
    expect(() => readBaseline('a.json')).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('is refused where it is not there, or cannot be written', () => {
    expect(() => readBaseline('missing.json')).toThrow(/^missing\.json cannot be read: ENOENT/);
    expect(() => writeBaseline('missing/a.json', [])).toThrow(/^missing\/a\.json cannot be written: ENOENT/);
  });

  it('is read as it was written, in an order of its own', () => {
    writeBaseline('a.json', []);
    expect(readBaseline('a.json')).toEqual(new Set());
    expect(causes([])).toEqual([]);
  });
});
