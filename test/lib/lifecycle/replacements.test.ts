import { describe, expect, it, vi } from 'vitest';
import { Replacements } from '../../../lib/lifecycle/replacements';
import { att, join, ref } from '../checks/literal-fixture';
import { either, ids, indexOf, type Resources, resource } from './rehearsal-fixture';

const TABLE = 'AWS::DynamoDB::Table';

function between(before: Resources, after: Resources) {
  const replacements = new Replacements(indexOf(before), indexOf(after));
  return {
    all: Object.fromEntries(
      replacements.all.map(({ after: it, by, isSure }) => [it.logicalId, isSure ? by : ['?', ...by]]),
    ),
    undecided: ids(replacements.undecided),
  };
}

const changes = (type: string, before: object, after: object, others: Resources = {}) =>
  between({ It: resource(type, { ...before }), ...others }, { It: resource(type, { ...after }), ...others }).all['It'];

describe('a change', () => {
  it.each([
    ['that replaces', TABLE, { TableName: 'a' }, { TableName: 'b' }, ['TableName']],
    ['by leaving out', TABLE, { TableName: 'a' }, {}, ['TableName']],
    ['of two properties', TABLE, { TableName: 'a' }, { TableName: 'b', KeySchema: [1] }, ['KeySchema', 'TableName']],
    ['that replaces nothing', TABLE, { BillingMode: 'a' }, { BillingMode: 'b' }, undefined],
    ['of none', TABLE, { TableName: 'a', BillingMode: 'b' }, { BillingMode: 'b', TableName: 'a' }, undefined],
    ['of a number to its text', 'AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 80 }, { Port: '80' }, undefined],
    ['of a number', 'AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 80 }, { Port: 81 }, ['Port']],
    ['that may replace', 'AWS::RDS::DBCluster', { Engine: 'a' }, { Engine: 'b' }, ['?', 'Engine']],
    ['that does and may', 'AWS::RDS::DBCluster', { Engine: 'a' }, { Engine: 'b', DatabaseName: 'x' }, ['DatabaseName']],
    ['to a condition', TABLE, { TableName: 'a' }, { TableName: either('a', 'b') }, ['TableName']],
    ['of the form of Fn::GetAtt', TABLE, { TableName: att('X') }, { TableName: { 'Fn::GetAtt': 'X.Arn' } }, undefined],
    ['from null', TABLE, { TableName: null }, { TableName: null }, undefined],
  ])('%s', (_, type, before, after, by) => {
    expect(changes(type, before, after)).toEqual(by);
  });

  it('is followed down to what is in a list', () => {
    const global = (type: string) => ({
      GlobalSecondaryIndexes: [{ IndexName: 'a' }, { Projection: { ProjectionType: type } }],
    });
    expect(changes('AWS::DynamoDB::GlobalTable', global('ALL'), global('KEYS_ONLY'))).toEqual([
      '?',
      'GlobalSecondaryIndexes.Projection.ProjectionType',
    ]);
  });

  it('of the type replaces, whatever the properties say', () => {
    expect(between({ It: resource(TABLE) }, { It: resource('AWS::S3::Bucket') }).all).toEqual({ It: ['Type'] });
  });

  it('of a custom resource, or of a type without data, is not known', () => {
    const now = (x: number) => ({
      C: resource('Custom::X', { x }),
      N: resource('AWS::New::X', { x }),
      D: resource(TABLE, { x }),
      O: resource('AWS::CloudFormation::CustomResource', { x }),
    });
    expect(between(now(1), now(2))).toEqual({ all: {}, undecided: ['C', 'N', 'O'] });
    expect(between(now(1), now(1)).undecided).toEqual([]);
  });

  it('finds nothing in what is new or gone', () => {
    expect(between({ Old: resource(TABLE) }, { New: resource(TABLE), ['__proto__']: resource(TABLE) })).toEqual({
      all: {},
      undecided: [],
    });
  });
});

describe('what names what is replaced', () => {
  const chain = (TableName: string, order: readonly string[]): Resources => {
    const all: Resources = {
      A: resource(TABLE, { TableName }),
      B: resource('AWS::SSM::Parameter', { Name: join('/', ref('A')) }),
      C: resource('AWS::SSM::Parameter', { Name: join('/x', ref('B')) }),
      D: resource('AWS::SSM::Parameter', { Name: 'd', Value: ref('C') }),
    };
    return Object.fromEntries(order.map((id) => [id, all[id] ?? expect.fail(id)]));
  };

  it.each([[['A', 'B', 'C', 'D']], [['D', 'C', 'B', 'A']], [['B', 'A', 'D', 'C']]])(
    'is replaced through a chain in the order %j',
    (order) => {
      expect(between(chain('one', order), chain('other', order)).all).toEqual({
        A: ['TableName'],
        B: ['Name'],
        C: ['Name'],
      });
    },
  );

  it('is sure once it names what is, though a change of its own is not', () => {
    const cluster = (Engine: string, CidrBlock: string): Resources => ({
      It: resource('AWS::RDS::DBCluster', { Engine, DBSubnetGroupName: ref('Group') }),
      Group: resource('AWS::RDS::DBSubnetGroup', { DBSubnetGroupName: CidrBlock }),
    });
    expect(between(cluster('a', 'x'), cluster('b', 'y')).all).toEqual({
      It: ['DBSubnetGroupName'],
      Group: ['DBSubnetGroupName'],
    });
  });

  it('is not replaced by an attribute that stays the same', () => {
    const vpc = (InstanceTenancy: string, CidrBlock: string): Resources => ({
      Vpc: resource('AWS::EC2::VPC', { InstanceTenancy, CidrBlock }),
      It: resource('AWS::SSM::Parameter', { Name: att('Vpc', 'CidrBlock') }),
    });
    const { yes = [] } = {
      yes: Object.keys(between(vpc('default', '10.0.0.0/16'), vpc('default', '10.1.0.0/16')).all),
    };
    expect(yes).toEqual(['Vpc', 'It']);
    const same = (Description: string): Resources => ({
      Sg: resource('AWS::EC2::SecurityGroup', { GroupDescription: Description, VpcId: 'vpc-1' }),
      It: resource('AWS::SSM::Parameter', { Name: att('Sg', 'VpcId') }),
      Other: resource('AWS::SSM::Parameter', { Name: att('Sg', 'GroupId') }),
    });
    expect(Object.keys(between(same('a'), same('b')).all)).toEqual(['Sg', 'Other']);
  });
});

it('judges each resource once, and once more for what it names', () => {
  const size = 300;
  const chain = (TableName: string) =>
    Object.fromEntries(
      Array.from({ length: size }, (_, at) => [
        `R${at}`,
        at === size - 1
          ? resource(TABLE, { TableName })
          : resource('AWS::SSM::Parameter', { Name: join('/', ref(`R${at + 1}`)) }),
      ]),
    );
  const [before, after] = [indexOf(chain('a')), indexOf(chain('b'))];
  const finds = vi.spyOn(before, 'find');
  expect(new Replacements(before, after).all).toHaveLength(size);
  expect(finds.mock.calls.length).toBeLessThanOrEqual(2 * size);
});
