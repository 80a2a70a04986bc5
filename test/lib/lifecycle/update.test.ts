import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../lib/lifecycle/finding';
import { rehearseUpdate } from '../../../lib/lifecycle/update';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { ResourceDocument, TemplateDocument } from '../../../lib/template/template-resource';
import { att, join, placeholders, ref } from '../checks/literal-fixture';
import { byCheck, either, indexOf, NO_VALUE, type Resources, resource } from './rehearsal-fixture';

const TABLE = 'AWS::DynamoDB::Table';
const PARAMETER = ref('Parameter');
const Queue = resource('AWS::SQS::Queue');

const update = (before: Resources, after: Resources): readonly Finding[] =>
  rehearseUpdate(indexOf(before), indexOf(after));
const checks = (before: Resources, after: Resources) => byCheck(update(before, after));
const weights = (findings: readonly Finding[]) => findings.map(({ check, weight }) => `${weight} ${check}`);

describe('data that is replaced', () => {
  const table = (KeySchema: string, more: Partial<ResourceDocument> = {}) => ({
    It: resource(TABLE, { KeySchema }, more),
  });

  it.each([
    [{}, {}, 'the data of the old one is lost'],
    // DeletionPolicy is for a deletion alone.
    [{ DeletionPolicy: 'Retain' }, { DeletionPolicy: 'Retain' }, 'the data of the old one is lost'],
    [
      { UpdateReplacePolicy: 'Retain' },
      { UpdateReplacePolicy: 'Retain' },
      'the new one is empty, and the old one stays',
    ],
    [
      { UpdateReplacePolicy: 'Snapshot' },
      { UpdateReplacePolicy: 'Snapshot' },
      'the new one is empty, and a snapshot of the old one stays',
    ],
    [
      { UpdateReplacePolicy: 'Retain' },
      {},
      'the new one is empty, and only deployment decides whether the old one stays',
    ],
  ])('with %j before and %j after', (before, after, then) => {
    const [found, ...more] = update(table('a', before), table('b', after));
    expect([found?.check, found?.weight, found?.reason, more]).toEqual([
      'data-replaced',
      'fault',
      `Replaced by a change of KeySchema: ${then}`,
      [],
    ]);
    expect(update(table('a', before), table('a', after))).toEqual([]);
  });

  it('is what the type of before held', () => {
    const Role = resource('AWS::IAM::Role');
    expect(checks({ It: resource(TABLE) }, { It: Role })).toEqual({ 'data-replaced': ['It'] });
    expect(checks({ It: Role }, { It: resource(TABLE) })).toEqual({});
  });

  it('is a notice for log lines, and nothing for what holds no data', () => {
    const group = (LogGroupName: string) => ({ It: resource('AWS::Logs::LogGroup', { LogGroupName }) });
    expect(weights(update(group('a'), group('b')))).toEqual(['notice data-replaced']);
    const role = (RoleName: string) => ({ It: resource('AWS::IAM::Role', { RoleName }) });
    expect(update(role('a'), role('b'))).toEqual([]);
  });

  it('cannot be told where a change may replace, or the type is not known', () => {
    const cluster = (Engine: string) => ({ It: resource('AWS::RDS::DBCluster', { Engine }) });
    const custom = (x: string) => ({ It: resource('Custom::Data', { x }), New: resource('AWS::New::X', { x }) });
    expect(weights(update(cluster('a'), cluster('b')))).toEqual(['cannot-tell may-be-replaced']);
    expect(checks(custom('a'), custom('b'))).toEqual({ 'may-be-replaced': ['It', 'New'] });
    expect(checks(custom('a'), custom('a'))).toEqual({});
  });
});

describe('data that is not in the new template', () => {
  it.each([
    [TABLE, {}, 'deleted with all data in it'],
    [TABLE, { DeletionPolicy: 'Retain' }, 'kept, and nothing uses it'],
    ['AWS::RDS::DBCluster', {}, 'deleted, but for a snapshot'],
    ['AWS::RDS::DBInstance', {}, 'deleted, but for a snapshot'],
    [TABLE, { DeletionPolicy: PARAMETER }, 'kept or deleted, as only deployment decides'],
  ])('%s with %j is %s', (type, more, then) => {
    const [found] = update({ It: resource(type, {}, more), Queue }, { Queue });
    expect([found?.check, found?.weight, found?.reason]).toEqual([
      'data-removed',
      'fault',
      `Not in the new template: ${then}`,
    ]);
  });

  it('is one finding for all of one fate', () => {
    const Table = resource(TABLE);
    expect(update({ A: Table, B: Table, Queue }, { Queue }).map(({ resources }) => resources.length)).toEqual([2]);
  });

  it('is all of it where the new template has none of it, and none where the stack is not deployed', () => {
    const before = { Resources: { It: resource(TABLE) } };
    const to = (after: Readonly<Record<string, TemplateDocument>>) =>
      byCheck(rehearseUpdate(new TemplateIndex({ Shop: before }), new TemplateIndex(after)));
    expect(to({ Shop: { Resources: {} } })).toEqual({ 'data-removed': ['It'] });
    expect(to({ Shop: before, Other: {} })).toEqual({});
    expect(to({ Other: before })).toEqual({ 'no-stack-in-common': [] });
  });
});

describe('a name that what replaces asks for again', () => {
  const cache = (SubnetIds: string, ServerlessCacheName?: unknown, more: Resources = {}) => ({
    It: resource('AWS::ElastiCache::ServerlessCache', {
      SubnetIds: [SubnetIds],
      ...(ServerlessCacheName === undefined ? {} : { ServerlessCacheName }),
    }),
    ...more,
  });
  it.each([
    ['fixed', 'cache', { 'replacement-collides': ['It'] }],
    ['of the stack', ref('AWS::StackName'), { 'replacement-collides': ['It'] }],
    ["of the stack's id", join('x', ref('AWS::StackId')), { 'replacement-collides': ['It'] }],
    ['none', undefined, {}],
    ['of a parameter', PARAMETER, { 'cannot-tell-name': ['It'] }],
    ['of a condition', either('cache', NO_VALUE), { 'cannot-tell-name': ['It'] }],
  ])('%s', (_, name, expected) => {
    expect(checks(cache('a', name), cache('b', name))).toEqual(expected);
    expect(checks(cache('a', name), cache('a', name))).toEqual({});
  });

  it('is another one where it changes, or names what is replaced', () => {
    expect(checks(cache('a', 'one'), cache('b', 'two'))).toEqual({});
    const of = (Name: string) => ({ P: resource('AWS::SSM::Parameter', { Name }) });
    expect(checks(cache('a', ref('P'), of('one')), cache('b', ref('P'), of('two')))).toEqual({});
    expect(checks(cache('a', ref('P'), of('one')), cache('b', ref('P'), of('one')))).toEqual({
      'replacement-collides': ['It'],
    });
  });

  it('is free for a resource of another type', () => {
    const before = { It: resource('AWS::SSM::Parameter', { Name: 'x' }) };
    expect(checks(before, { It: resource('AWS::Events::EventBus', { Name: 'x' }) })).toEqual({});
  });
});

describe('a published version (K7)', () => {
  const base = (name: string, more: Resources = {}, fn: object = {}): Resources => ({
    Parameter: resource('AWS::SSM::Parameter', { Name: name }),
    Fn: resource('AWS::Lambda::Function', { Environment: { Variables: { NAME: ref('Parameter') } }, ...fn }),
    Version: resource('AWS::Lambda::Version', { FunctionName: ref('Fn') }),
    Alias: resource('AWS::Lambda::Alias', { FunctionName: ref('Fn'), FunctionVersion: att('Version', 'Version') }),
    ...more,
  });
  const stale = (before: Resources, after: Resources) => checks(before, after)['version-keeps-replaced'];

  it('keeps what its environment named', () => {
    expect(stale(base('a'), base('b'))).toEqual(['Version', 'Fn', 'Parameter']);
    expect(stale(base('a'), base('a'))).toBeUndefined();
  });

  it('is a new one under a new logical id', () => {
    const { Version = Queue, ...others } = base('b');
    expect(stale(base('a'), { ...others, Version2: Version })).toBeUndefined();
  });

  it('is a new one where it is replaced itself, with its function or by its description', () => {
    expect(stale(base('a', {}, { FunctionName: 'one' }), base('b', {}, { FunctionName: 'two' }))).toBeUndefined();
    const version = (Description: string) => ({
      Version: resource('AWS::Lambda::Version', { FunctionName: ref('Fn'), Description }),
    });
    expect(stale(base('a', version('1')), base('b', version('2')))).toBeUndefined();
  });

  it.each([
    ['Fn::GetAtt', { Environment: { Variables: { NAME: att('Parameter', 'Value') } } }],
    ['Fn::Sub', { Environment: { Variables: { NAME: { 'Fn::Sub': placeholders('#{Parameter}') } } } }],
    ['its network', { VpcConfig: { SubnetIds: [ref('Parameter')] } }],
    ['its layers', { Layers: [ref('Parameter')] }],
    ['its role', { Role: att('Parameter') }],
  ])('keeps what it names by %s', (_, fn) => {
    expect(stale(base('a', {}, fn), base('b', {}, fn))).toEqual(['Version', 'Fn', 'Parameter']);
  });

  it('keeps the code of before, though nothing is replaced', () => {
    const code = (S3Key: string) => ({ Code: { S3Key } });
    expect(stale(base('a', {}, code('1')), base('a', {}, code('2')))).toEqual(['Version', 'Fn']);
    expect(stale(base('a', {}, { MemorySize: 128 }), base('a', {}, { MemorySize: '128' }))).toBeUndefined();
    expect(stale(base('a', {}, { Layers: ['x'] }), base('a'))).toEqual(['Version', 'Fn']);
  });

  it.each(['Tags', 'ReservedConcurrentExecutions', 'CodeSigningConfigArn', 'RecursiveLoop'])(
    'does not hold %s',
    (name) => {
      expect(stale(base('a', {}, { [name]: 1 }), base('a', {}, { [name]: 2 }))).toBeUndefined();
    },
  );

  it('of a function that is not here is not judged', () => {
    const other = { Version: resource('AWS::Lambda::Version', { FunctionName: 'theirs' }) };
    expect(stale(base('a', other), base('b', other))).toBeUndefined();
  });
});

/** Two stacks: one that has a queue of a name, one that reads it. */
function stacks(QueueName: string, Name: unknown, more: object = {}, Value: unknown = ref('Queue')) {
  return new TemplateIndex({
    Data: {
      Resources: { Queue: resource('AWS::SSM::Parameter', { Name: QueueName }) },
      Outputs: { Name: { Value, Export: { Name: 'queue' } } },
    },
    Shop: { Resources: { Reader: resource('AWS::SSM::Parameter', { Name: '/x', Value: Name, ...more }) } },
  });
}

describe('a value of another stack', () => {
  const LATE = { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Name' } };
  const IMPORTED = { 'Fn::ImportValue': 'queue' };
  const checksOf = (before: TemplateIndex, after: TemplateIndex) => byCheck(rehearseUpdate(before, after));

  it('that is read at deployment stays where the reader does not change', () => {
    expect(checksOf(stacks('a', LATE), stacks('b', LATE))).toEqual({
      'late-bound-value-stays': ['Reader', 'Data/Queue'],
    });
    expect(checksOf(stacks('a', LATE), stacks('b', LATE, { Description: 'new' }))).toEqual({});
    expect(checksOf(stacks('a', LATE), stacks('a', LATE))).toEqual({});
  });

  it('that is imported cannot change while it is', () => {
    expect(checksOf(stacks('a', IMPORTED), stacks('b', IMPORTED))).toEqual({
      'export-in-use': ['Data/Queue', 'Reader'],
    });
    expect(checksOf(stacks('a', IMPORTED), stacks('a', IMPORTED))).toEqual({});
    expect(checksOf(stacks('a', 'text'), stacks('b', 'text'))).toEqual({});
  });

  it('that is imported cannot go, or become another one', () => {
    const gone = new TemplateIndex({
      Data: { Resources: { Queue: resource('AWS::SSM::Parameter', { Name: 'a' }) } },
      Shop: { Resources: { Reader: resource('AWS::SSM::Parameter', { Name: '/x', Value: 'text' }) } },
    });
    expect(checksOf(stacks('a', IMPORTED), gone)).toEqual({ 'export-in-use': ['Data/Queue', 'Reader'] });
    expect(checksOf(stacks('a', IMPORTED), stacks('a', IMPORTED, {}, att('Queue', 'Type')))).toEqual({
      'export-in-use': ['Data/Queue', 'Reader'],
    });
    // Without the stack that exports, nothing of it is updated.
    const without = new TemplateIndex({ Shop: { Resources: { Queue } } });
    expect(checksOf(stacks('a', IMPORTED), without)['export-in-use']).toBeUndefined();
  });

  it('that a nested stack reads at deployment stays where the stack around it does not change', () => {
    const around = (name: string, Description: string, beside = 'x') =>
      new TemplateIndex(
        {
          Data: {
            Resources: { Queue: resource('AWS::SSM::Parameter', { Name: name }) },
            Outputs: { Name: { Value: ref('Queue') } },
          },
          Shop: { Resources: { Nested: resource('AWS::CloudFormation::Stack', { Description }) } },
          'Shop/Nested': { Resources: { Reader: resource('AWS::SSM::Parameter', { Name: '/x', Value: LATE }) } },
          'Shop/Beside': { Resources: { Topic: resource('AWS::SNS::Topic', { DisplayName: beside }) } },
        },
        {
          nested: new Map([
            ['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }],
            ['Shop/Beside', { parent: 'Shop', logicalId: 'Nested' }],
          ]),
        },
      );
    expect(checksOf(around('a', 'x'), around('b', 'x', 'y'))).toEqual({});
    expect(checksOf(around('a', 'x'), around('b', 'x'))).toEqual({
      'late-bound-value-stays': ['Shop/Nested/Reader', 'Data/Queue'],
    });
    expect(checksOf(around('a', 'x'), around('b', 'y'))).toEqual({});
  });

  it('that a nested stack is given changes with the stack around it', () => {
    const around = (Name: string) =>
      new TemplateIndex(
        {
          Shop: {
            Resources: {
              Queue: resource('AWS::SSM::Parameter', { Name }),
              Nested: resource('AWS::CloudFormation::Stack', { Parameters: { P: ref('Queue') } }),
            },
          },
          'Shop/Nested': { Resources: { Reader: resource('AWS::SSM::Parameter', { Name: '/x', Value: ref('P') }) } },
        },
        { nested: new Map([['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]]) },
      );
    expect(checksOf(around('a'), around('b'))).toEqual({});
  });
});

describe('what a service refuses (K10)', () => {
  const workgroup = (BaseCapacity: unknown, MaxCapacity: unknown, more: object = {}) => ({
    It: resource('AWS::RedshiftServerless::Workgroup', { BaseCapacity, MaxCapacity, ...more }),
  });

  it('is refused', () => {
    expect(checks(workgroup(8, 8), workgroup(32, 32))).toEqual({ 'update-refused': ['It'] });
    expect(checks(workgroup(8, 8), workgroup(8, 32))).toEqual({});
  });

  it('is made anew where it is replaced', () => {
    const names = (WorkgroupName: string) => ({ WorkgroupName });
    expect(checks(workgroup(8, 8, names('a')), workgroup(32, 32, names('b')))).toEqual({});
  });

  it('cannot be told by a parameter', () => {
    const stream = (ShardCount: unknown) => ({ It: resource('AWS::Kinesis::Stream', { ShardCount }) });
    expect(weights(update(stream(1), stream(PARAMETER)))).toEqual(['cannot-tell cannot-tell-refused']);
    expect(update(stream(PARAMETER), stream(PARAMETER))).toEqual([]);
  });
});
