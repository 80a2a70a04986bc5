import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotATemplate } from '../../../lib/template/parse-template';
import { findTemplates, readTemplates } from '../../../lib/template/read-templates';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes files into the folder: text as it is, anything else as JSON. @returns the folder */
function files(contents: Readonly<Record<string, unknown>>): string {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const template = (id = 'Queue') => ({ Resources: { [id]: { Type: 'AWS::SQS::Queue' } } });
const around = (path: string, by: 'Metadata' | 'TemplateURL' = 'Metadata') => ({
  Resources: {
    Nested: {
      Type: 'AWS::CloudFormation::Stack',
      ...(by === 'Metadata' ? { Metadata: { 'aws:asset:path': path } } : { Properties: { TemplateURL: path } }),
    },
  },
});
const stack = (templateFile: string, stackName?: string) => ({
  type: 'aws:cloudformation:stack',
  properties: { templateFile, ...(stackName === undefined ? {} : { stackName }) },
});

function read(...paths: readonly string[]) {
  const { templates, stackNames, nested } = readTemplates(paths);
  const ids = Object.entries(templates).map(([key, { Resources = {} }]) => [key, Object.keys(Resources).join()]);
  return { templates: Object.fromEntries(ids), stackNames: [...stackNames], nested: [...nested] };
}

describe('a template', () => {
  it.each(['Shop.template.json', 'Shop.json', 'Shop.yaml', 'Shop.yml', 'Shop.template'])(
    'is called after its file %s',
    (name) => {
      expect(read(join(files({ [name]: template() }), name)).templates).toEqual({ Shop: 'Queue' });
    },
  );

  it('has its path in its name where another has the same', () => {
    files({ 'a/Shop.json': template('A'), 'b/Shop.json': template('B') });
    const [a, b] = [join(folder, 'a/Shop.json'), join(folder, 'b/Shop.json')];
    expect(read(a, b).templates).toEqual({ Shop: 'A', [`Shop (${b})`]: 'B' });
  });

  it('may be called as what objects inherit', () => {
    expect(Object.keys(readTemplates([files({ '__proto__.json': template() })]).templates)).toEqual(['__proto__']);
  });
});

describe('a folder', () => {
  it('has templates, and what a cloud assembly has beside them', () => {
    const other = {
      'tree.json': '{',
      'Shop.assets.json': '{',
      'Shop.metadata.json': '{',
      'cdk.out': '{',
      'README.md': 'x',
    };
    expect(
      read(files({ 'Shop.json': template(), 'Data.yaml': 'Resources: { A: { Type: X } }', ...other })).templates,
    ).toEqual({
      Data: 'A',
      Shop: 'Queue',
    });
  });

  it.each(['Metadata', 'TemplateURL'] as const)('has nested stacks by %s as parts of the stack around them', (by) => {
    for (const [parent, child] of [
      ['A.json', 'B.json'],
      ['B.json', 'A.json'],
    ] as const) {
      files({ [parent]: around(`./${child}`, by), [child]: template() });
      const name = parent.slice(0, 1);
      expect(read(folder)).toEqual({
        templates: { [name]: 'Nested', [`${name}/Nested`]: 'Queue' },
        stackNames: [],
        nested: [[`${name}/Nested`, { parent: name, logicalId: 'Nested' }]],
      });
    }
  });

  it('has nested stacks of nested stacks, and none that go in a circle', () => {
    files({ 'A.json': around('B.json'), 'B.json': around('C.json'), 'C.json': template() });
    expect(read(folder).templates).toEqual({ A: 'Nested', 'A/Nested': 'Nested', 'A/Nested/Nested': 'Queue' });
    files({ 'C.json': around('A.json') });
    expect(read(join(folder, 'A.json')).templates).toEqual({
      A: 'Nested',
      'A/Nested': 'Nested',
      'A/Nested/Nested': 'Nested',
    });
    expect(read(join(files({ 'Self.json': around('Self.json') }), 'Self.json')).templates).toEqual({ Self: 'Nested' });
  });

  it.each(['https://bucket.s3.amazonaws.com/t.json', 's3://bucket/t.json', 'missing.json', ''])(
    'leaves out a template at "%s"',
    (path) => {
      expect(read(files({ 'A.json': around(path, 'TemplateURL') })).templates).toEqual({ A: 'Nested' });
    },
  );
});

describe('a cloud assembly', () => {
  it('has stacks by their names in the app, and in CloudFormation', () => {
    files({
      'manifest.json': {
        version: '48.0.0',
        artifacts: {
          Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
          Shop: stack('Shop.template.json'),
          Data: stack('Data.template.json', 'prod-data'),
          Nothing: null,
        },
      },
      'Shop.template.json': around('nested.json'),
      'nested.json': template(),
      'Data.template.json': template(),
      'Left.template.json': template(),
    });
    expect(read(folder)).toEqual({
      templates: { Shop: 'Nested', 'Shop/Nested': 'Queue', Data: 'Queue' },
      stackNames: [
        ['Shop', 'Shop'],
        ['prod-data', 'Data'],
      ],
      nested: [['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]],
    });
  });

  it('says of each stack where it goes and what it needs, and a template by itself nothing', () => {
    const needs = (version: number) => ({
      requiresBootstrapStackVersion: version,
      bootstrapStackVersionSsmParameter: '/cdk-bootstrap/mine/version',
    });
    const artifacts = {
      Shop: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://111122223333/eu-west-1',
        dependencies: ['Other', 'Shop.assets'],
        properties: { templateFile: 'Shop.json', stackName: 'Shop-prod', ...needs(6) },
      },
      'Shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'Shop.assets.json', ...needs(8) } },
      Other: stack('Shop.json'),
    };
    files({ 'manifest.json': { artifacts }, 'Shop.json': template() });
    expect([...readTemplates([folder]).artifacts]).toEqual([
      [
        'Shop',
        {
          stackName: 'Shop-prod',
          environment: 'aws://111122223333/eu-west-1',
          bootstrapParameter: '/cdk-bootstrap/mine/version',
          bootstrapVersion: 8,
          assetManifest: join(folder, 'Shop.assets.json'),
        },
      ],
      ['Other', { stackName: 'Other', environment: '' }],
    ]);
    expect(readTemplates([join(folder, 'Shop.json')]).artifacts.size).toBe(0);
  });

  it('has the stacks of its stages', () => {
    files({
      'manifest.json': {
        artifacts: { Prod: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } } },
      },
      'assembly-Prod/manifest.json': { artifacts: { ProdShop: stack('Shop.json', 'Prod-Shop') } },
      'assembly-Prod/Shop.json': template(),
    });
    expect(read(folder)).toMatchObject({ templates: { ProdShop: 'Queue' }, stackNames: [['Prod-Shop', 'ProdShop']] });
  });

  it('leaves out a stack without a resource, as the CDK does', () => {
    const artifacts = { Empty: stack('Empty.json'), Shop: stack('Shop.json') };
    files({ 'manifest.json': { artifacts }, 'Empty.json': {}, 'Shop.json': template() });
    expect(read(folder)).toMatchObject({ templates: { Shop: 'Queue' }, stackNames: [['Shop', 'Shop']] });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no file', {}, 'missing', /^.*missing does not exist; run "cdk synth" first, or name a template$/],
    ['an empty folder', { 'README.md': 'x' }, '', /has no template and no cloud assembly$/],
    ['no template', { 'a.json': { a: 1 } }, 'a.json', /a\.json is no CloudFormation template: it has no Resources$/],
    [
      'no template in a folder',
      { 'a.json': template(), 'package.json': { name: 'x' } },
      '',
      /package\.json is no CloudFormation template: it has no Resources$/,
    ],
    ['a folder that looks like a file', { 'a.json/x': '' }, '', /a\.json cannot be read: EISDIR/],
    [
      'a manifest of another tool',
      { 'manifest.json': { version: '0.20', stacks: {} } },
      '',
      /manifest\.json is no manifest of a cloud assembly$/,
    ],
    ['a manifest of nothing', { 'manifest.json': 'null' }, '', /manifest\.json is no manifest of a cloud assembly$/],
    ['a broken manifest', { 'manifest.json': '{\n"a":\n' }, '', /manifest\.json cannot be read: /],
    ['an assembly without a stack', { 'manifest.json': { artifacts: {} } }, '', /has no stack with a resource$/],
    [
      'an assembly without a resource',
      { 'manifest.json': { artifacts: { A: stack('A.json') } }, 'A.json': {} },
      '',
      /has no stack with a resource$/,
    ],
    [
      'an assembly without its template',
      { 'manifest.json': { artifacts: { A: stack('A.json') } } },
      '',
      /A\.json cannot be read: ENOENT/,
    ],
    [
      'a broken nested stack',
      { 'A.json': around('b/B.json'), 'b/B.json': '{' },
      'A.json',
      /B\.json is no CloudFormation template: it is no JSON/,
    ],
  ])('%s', (_, contents, path, message) => {
    const read = () => readTemplates([join(files(contents), path)]);
    expect(read).toThrow(NotATemplate);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/\n/);
  });
});

describe('a read that goes on', () => {
  const found = (...paths: readonly string[]) => {
    const { templates, problems, passedOver } = findTemplates(paths.map((path) => join(folder, path)));
    return {
      stacks: Object.keys(templates),
      problems,
      passedOver: passedOver.map((path) => path.slice(folder.length + 1)),
    };
  };

  it('has one line for each file that cannot be read, with its place, and reads the rest', () => {
    files({
      'a.json': '{"Resources": {\n  "A": }',
      'b.yaml': 'Resources:\n  A: {Type: X}\n  A: {Type: Y}',
      'c.json': { Resources: { A: {} } },
      'd.json': template(),
      'e.json': { Resources: { A: { Type: 'X', Properties: JSON.parse('['.repeat(201) + ']'.repeat(201)) } } },
    });
    symlinkSync(join(folder, 'nowhere'), join(folder, 'f.json'));
    const { stacks, problems } = found('', 'missing.json');
    expect(stacks).toEqual(['d']);
    expect(problems.map((each) => each.replaceAll(`${folder}/`, ''))).toEqual([
      expect.stringMatching(
        /^a\.json is no CloudFormation template: it is no JSON: Unexpected token '}' at line 2, column 8$/,
      ),
      'b.yaml is no CloudFormation template: it is no YAML: Map keys must be unique at line 3, column 3:',
      'c.json is no CloudFormation template: the resource A has no Type',
      'e.json is no CloudFormation template: it has more than 200 maps and lists within each other',
      expect.stringMatching(/^f\.json cannot be read: ENOENT/),
      'missing.json does not exist; run "cdk synth" first, or name a template',
    ]);
  });

  it('says where a JSON text ends too early', () => {
    files({ 'a.json': '{"Resources": {\n"A":' });
    expect(found('a.json').problems[0]).toMatch(/ at line 2, column 5$/);
  });

  it('reads the folders in a folder, and passes over what is no template', () => {
    files({
      'infra/queues/a.yaml': 'Resources: {A: {Type: X}}',
      'infra/package.json': { name: 'mine' },
      'node_modules/x/b.json': template(),
      '.git/c.json': template(),
      'cdk.out/manifest.json': { artifacts: { Shop: stack('Shop.template.json') } },
      'cdk.out/Shop.template.json': template(),
    });
    expect(found('')).toEqual({ stacks: ['Shop', 'a'], problems: [], passedOver: ['infra/package.json'] });
    expect(found('infra', 'infra/queues/a.yaml', 'cdk.out', 'cdk.out').stacks).toEqual(['a', 'Shop']);
  });

  it('finds two stacks of one name and place, and keeps both', () => {
    const environment = 'aws://111111111111/eu-west-1';
    files({
      'manifest.json': {
        artifacts: {
          A: { ...stack('A.json', 'shop'), environment },
          B: { ...stack('B.json', 'shop'), environment },
          C: { ...stack('C.json', 'shop'), environment: 'aws://111111111111/us-east-1' },
          D: { ...stack('D.json', 'shop'), environment: 'aws://unknown-account/unknown-region' },
          E: stack('missing.json'),
        },
      },
      ...Object.fromEntries(['A', 'B', 'C', 'D'].map((id) => [`${id}.json`, template()])),
    });
    const { stacks, problems } = found('');
    expect(stacks).toEqual(['A', 'B', 'C', 'D']);
    expect(problems.map((each) => each.slice(folder.length + 1))).toEqual([
      `B.json: two stacks are called shop in ${environment}: A and B; give one another stackName`,
      expect.stringMatching(/^missing\.json cannot be read: ENOENT/),
    ]);
    expect([...findTemplates([folder]).regions]).toEqual([
      ['A', 'eu-west-1'],
      ['B', 'eu-west-1'],
      ['C', 'us-east-1'],
    ]);
  });

  it('keeps the stack around a nested stack that cannot be read', () => {
    files({ 'Shop.json': around('nested.json'), 'nested.json': '{"Resources"' });
    const { templates, nested, problems } = findTemplates([join(folder, 'Shop.json')]);
    expect([Object.keys(templates), [...nested], problems.length]).toEqual([['Shop'], [], 1]);
  });
});
