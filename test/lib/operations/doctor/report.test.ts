import { describe, expect, it } from 'vitest';
import { ok, type Verdict, willFail } from '../../../../lib/operations/doctor/question';
import { verdictsAsJson, verdictsAsText } from '../../../../lib/operations/doctor/report';
import { TemplateResource } from '../../../../lib/template/template-resource';

const about = { check: 'zones', subject: '3 zones', account: '111122223333', region: 'eu-west-1', stacks: ['Shop'] };
const resource = (id: string, path?: string) => new TemplateResource('Shop', id, { Type: 'AWS::EC2::Subnet' }, path);
const failing = (...resources: readonly TemplateResource[]): Verdict => ({
  ...willFail('There are 2', 'aws ec2 create-default-subnet', 'aws ec2 describe-subnets'),
  ...about,
  resources,
});

describe('the answers as text', () => {
  it('show what needs it, why, and each command on a line of its own', () => {
    expect(verdictsAsText([failing(resource('A', 'Shop/Vpc/A'), resource('B'))])).toBe(
      [
        '1 will fail, 0 cannot be told, 0 ok.',
        '',
        'WILL FAIL  zones: 3 zones (111122223333, eu-west-1)',
        '  Shop/Vpc/A (AWS::EC2::Subnet)',
        '  Shop: B (AWS::EC2::Subnet)',
        '  There are 2.',
        '  Run: aws ec2 create-default-subnet',
        '  Run: aws ec2 describe-subnets',
      ].join('\n'),
    );
  });

  it('show four resources, and of five three', () => {
    const all = ['A', 'B', 'C', 'D', 'E'].map((id) => resource(id));
    expect(verdictsAsText([failing(...all.slice(0, 4))])).toContain('  Shop: D (AWS::EC2::Subnet)\n  There are 2');
    expect(verdictsAsText([failing(...all)])).toContain('  Shop: C (AWS::EC2::Subnet)\n  and 2 more\n  There are 2');
  });

  it('show what is fine in columns', () => {
    const fine = (check: string, region: string): Verdict => ({ ...ok('yes'), ...about, check, region, resources: [] });
    expect(verdictsAsText([fine('zones', 'eu-west-1'), fine('bootstrap', 'ap-southeast-1')])).toBe(
      [
        'Nothing will fail, 0 cannot be told, 2 ok.',
        '',
        'ok  zones      eu-west-1       3 zones: yes',
        'ok  bootstrap  ap-southeast-1  3 zones: yes',
      ].join('\n'),
    );
  });
});

describe('the answers as JSON', () => {
  it('have the places of the resources', () => {
    expect(JSON.parse(verdictsAsJson([failing(resource('A', 'Shop/Vpc/A'))]))).toEqual([
      {
        ...about,
        is: 'will-fail',
        reason: 'There are 2',
        commands: ['aws ec2 create-default-subnet', 'aws ec2 describe-subnets'],
        resources: [{ stack: 'Shop', logicalId: 'A', path: 'Shop/Vpc/A', type: 'AWS::EC2::Subnet' }],
      },
    ]);
  });
});
