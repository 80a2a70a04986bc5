import { describe, expect, it } from 'vitest';
import { teardownAsMarkdown, teardownAsText, teardownOf } from '../../../lib/lifecycle/teardown';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { ResourceDocument } from '../../../lib/template/template-resource';

const of = (Resources: Readonly<Record<string, ResourceDocument>>) =>
  teardownOf(new TemplateIndex({ Shop: { Resources } }));
const keep = (Type: string) => ({ Type, DeletionPolicy: 'RetainExceptOnCreate' });

describe('a deletion', () => {
  it('leaves nothing where nothing is kept', () => {
    const nothing = of({ Queue: { Type: 'AWS::SQS::Queue' }, Table: { Type: 'AWS::DynamoDB::Table' } });
    expect(nothing).toEqual({ kept: [], refused: [] });
    expect(teardownAsText(nothing)).toBe('Deletion leaves nothing behind.');
    expect(teardownAsMarkdown(nothing)).toBe('Deleting the stacks leaves nothing behind.');
  });

  it('leaves what is kept, the commonest first, with what it costs', () => {
    const left = of({
      Key: keep('AWS::KMS::Key'),
      One: keep('AWS::S3::Bucket'),
      Two: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
      Policy: keep('AWS::S3::BucketPolicy'),
      Vpc: keep('AWS::EC2::VPC'),
      Thing: keep('AWS::IoT::Thing'),
      Gone: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Delete' },
    });
    expect(left.kept.map(({ type, count }) => [type, count])).toEqual([
      ['AWS::S3::Bucket', 2],
      ['AWS::EC2::VPC', 1],
      ['AWS::IoT::Thing', 1],
      ['AWS::KMS::Key', 1],
    ]);
    expect(teardownAsText(left).split('\n')).toEqual([
      'Deletion leaves, until you delete it:',
      '  2 AWS::S3::Bucket, a month: $0.023 a GB',
      '  1 AWS::EC2::VPC, a month: nothing',
      '  1 AWS::IoT::Thing',
      '  1 AWS::KMS::Key, a month: $1.00 a key, and $1.00 for each of the first two rotations',
    ]);
    expect(teardownAsMarkdown(left)).toContain('| `AWS::S3::Bucket` | 2 | $0.023 a GB |');
    expect(teardownAsMarkdown(left)).toContain('| `AWS::IoT::Thing` | 1 | see its pricing page |');
  });

  it('names what has to lose its protection first', () => {
    const table = { Type: 'AWS::DynamoDB::Table', Properties: { DeletionProtectionEnabled: true } };
    const left = of({ Table: table, Other: { ...table, DeletionPolicy: 'Retain' } });
    expect(left.refused).toMatchObject([{ type: 'AWS::DynamoDB::Table', count: 1 }]);
    expect(teardownAsText(left)).toMatch(/^Protected: turn deletion protection off .*\n {2}1 AWS::DynamoDB::Table/);
    expect(teardownAsMarkdown(left)).toMatch(/^Deletion protection stops the deletion .*: 1 `AWS::DynamoDB::Table`\./);
  });
});
