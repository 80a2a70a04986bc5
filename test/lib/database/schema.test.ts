import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { HandlerCode } from '../../../lib';
import { DatabaseSchema } from '../../../lib/database/schema';
import { resourcesOf } from '../../synthesize';
import { dataStack } from './data-stack-fixture';

const ENTRY = join(__dirname, '../../../patterns/web-app/handlers/migrate.ts');

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function schema(version = '1') {
  const { stack, stage, encryptionKey, database } = dataStack({ stage: 'prod' });
  const { cluster, secret, databaseName } = database;
  const code = HandlerCode.entry(ENTRY);
  const common = { stage, encryptionKey, cluster, secret, databaseName, user: 'app', code, version };
  const block = new DatabaseSchema(stack, 'Schema', common);
  return { stack, block, template: Template.fromStack(stack) };
}

describe('DatabaseSchema', () => {
  const { template } = schema();
  const clusterArn = {
    'Fn::Join': ['', Match.arrayWith([':cluster:', { Ref: Match.stringLikeRegexp('^DatabaseCluster') }])],
  };
  const secretArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^DatabaseCluster'), 'MasterUserSecret.SecretArn'] };

  it('asks for the schema with names alone, and again when it changes', () => {
    template.hasResourceProperties('Custom::DatabaseSchema', {
      clusterArn,
      secretArn,
      database: 'app',
      user: 'app',
      version: '1',
      ServiceTimeout: '720',
    });
    schema('2').template.hasResourceProperties('Custom::DatabaseSchema', { version: '2' });
  });

  it('may use the Data API of the one cluster, with the one secret, and nothing else of either', () => {
    const [[, policy] = []] = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('SchemaHandler'),
    );
    const { Statement = [] } = (policy?.Properties['PolicyDocument'] ?? {}) as { Statement?: Statement[] };
    const of = (service: string) =>
      Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith(`${service}:`)));
    expect(of('rds-data').flatMap(({ Action }) => Action)).toEqual([
      'rds-data:BeginTransaction',
      'rds-data:CommitTransaction',
      'rds-data:ExecuteStatement',
      'rds-data:RollbackTransaction',
    ]);
    expect(of('secretsmanager').flatMap(({ Action }) => Action)).toEqual(['secretsmanager:GetSecretValue']);
    for (const { Resource } of [...of('rds-data'), ...of('secretsmanager')]) {
      expect(JSON.stringify(Resource)).toContain('DatabaseCluster');
      expect(JSON.stringify(Resource)).not.toContain('*');
    }
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
            Condition: {
              StringEquals: {
                'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
                'kms:EncryptionContext:SecretARN': secretArn,
              },
            },
          },
        ]),
      },
    });
  });

  it('runs outside of the VPC, when there is an instance that answers and a role that may ask', () => {
    const functions = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('Schema'),
    );
    expect(functions.map(([, { Properties }]) => Properties['VpcConfig'])).toEqual([undefined]);
    const [resource] = Object.values(resourcesOf(template, 'Custom::DatabaseSchema'));
    const [id, fn] = functions[0] ?? [];
    expect(resource).toMatchObject({
      DependsOn: expect.arrayContaining([id, ...Object.keys(resourcesOf(template, 'AWS::RDS::DBInstance'))]),
    });
    const policies = Object.keys(resourcesOf(template, 'AWS::IAM::Policy')).filter((key) =>
      key.startsWith('SchemaHandler'),
    );
    expect(policies).toHaveLength(1);
    expect(fn).toMatchObject({ DependsOn: expect.arrayContaining(policies) });
  });
});
