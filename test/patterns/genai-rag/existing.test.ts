// @project synthesis

import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { stages } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { GenAiRag, type GenAiRagProps, GenAiRagStack } from '../../../patterns/genai-rag';
import { resourcesOf, testApp, validationReport } from '../../synthesize';

const ACCOUNT = '111111111111';
const env = { account: ACCOUNT, region: 'eu-west-1' };
const keyArn = (name: string) => `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${name}`;

/** Everything that somebody may have already, by its names alone. */
function existing(stack: Stack): NonNullable<GenAiRagProps['existing']> {
  return {
    encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn('mine')),
    knowledgeBase: {
      knowledgeBaseId: 'KBOFMINE01',
      dataSourceId: 'DSOFMINE01',
      bucket: Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'my-documents',
        encryptionKey: Key.fromKeyArn(stack, 'BucketKey', keyArn('of-bucket')),
      }),
    },
    guardrail: {
      guardrailId: 'guardrailofmine',
      version: '7',
      encryptionKey: Key.fromKeyArn(stack, 'GuardrailKey', keyArn('of-guardrail')),
    },
    users: {
      userPool: UserPool.fromUserPoolId(stack, 'Users', 'eu-west-1_mine'),
      loginUrl: 'https://login.example.com',
    },
    webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/mine/1`,
    alarmTopic: Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:eu-west-1:${ACCOUNT}:mine`),
    apiLogRole: true,
  };
}

function build(app: App): GenAiRag {
  const stack = new Stack(app, 'Mine', { env });
  return new GenAiRag(stack, 'Rag', { stage: stages.staging, existing: existing(stack) });
}

const rag = build(testApp());
const template = Template.fromStack(Stack.of(rag));
const resources = resourcesOf(template);

/** Properties of the one resource of a type whose logical id begins so. */
function only(type: string, id: string): Record<string, unknown> {
  const found = Object.entries(resourcesOf(template, type)).filter(([logicalId]) => logicalId.startsWith(id));
  expect(found.map(([logicalId]) => logicalId)).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
}

/** Environment of a function. */
function variables(id: string): Record<string, unknown> {
  const { Environment } = only('AWS::Lambda::Function', `${id}Function`) as { Environment: { Variables: object } };
  return { ...Environment.Variables };
}

/** Resources that a function's role may do an action on. */
function allowed(id: string, action: string): unknown[] {
  const { PolicyDocument } = only('AWS::IAM::Policy', `${id}RoleDefaultPolicy`) as {
    PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] };
  };
  return PolicyDocument.Statement.filter(({ Action }) => [Action].flat().includes(action)).flatMap(
    ({ Resource }) => Resource,
  );
}

const knowledgeBaseArn = `arn:aws:bedrock:eu-west-1:${ACCOUNT}:knowledge-base/KBOFMINE01`;

it('makes nothing that is there already', () => {
  const types = new Set(Object.values(resources).map(({ Type }) => Type));
  for (const type of [
    'AWS::KMS::Key',
    'AWS::Bedrock::KnowledgeBase',
    'AWS::Bedrock::DataSource',
    'AWS::Bedrock::Guardrail',
    'AWS::Bedrock::GuardrailVersion',
    'AWS::S3Vectors::VectorBucket',
    'AWS::OpenSearchServerless::Collection',
    'AWS::Cognito::UserPool',
    'AWS::Cognito::UserPoolDomain',
    'AWS::WAFv2::WebACL',
    'AWS::SNS::Topic',
    'AWS::ApiGateway::Account',
  ]) {
    expect(types, type).not.toContain(type);
  }
});

it('asks the knowledge base and the guardrail of yours, and may ask no other', () => {
  expect(variables('RagAnswersAsk')).toMatchObject({
    KNOWLEDGE_BASE_ID: 'KBOFMINE01',
    GUARDRAIL_ID: 'guardrailofmine',
    GUARDRAIL_VERSION: '7',
  });
  expect(allowed('RagAnswersAsk', 'bedrock:Retrieve')).toEqual([knowledgeBaseArn]);
  expect(allowed('RagAnswersAsk', 'bedrock:ApplyGuardrail')).toEqual([
    `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/guardrailofmine`,
  ]);
  expect(allowed('RagAnswersAsk', 'kms:Decrypt')).toContain(keyArn('of-guardrail'));
  expect(JSON.stringify(only('AWS::IAM::Policy', 'RagAnswersAskRoleDefaultPolicy'))).toContain('guardrailofmine:');
});

it('takes documents into the bucket and the data source of yours, with the key of that bucket', () => {
  for (const id of ['RagLibraryInspector', 'RagLibrarySync', 'RagDocumentsApi']) {
    expect(variables(id), id).toMatchObject({ DOCUMENTS_BUCKET: 'my-documents' });
  }
  expect(variables('RagLibrarySync')).toMatchObject({ KNOWLEDGE_BASE_ID: 'KBOFMINE01', DATA_SOURCE_ID: 'DSOFMINE01' });
  expect(allowed('RagLibrarySync', 'bedrock:StartIngestionJob')).toEqual([knowledgeBaseArn]);
  expect(allowed('RagLibraryInspector', 's3:PutObject')).toContain('arn:aws:s3:::my-documents/documents/*');
  expect(allowed('RagDocumentsApi', 's3:PutObject')).toEqual(['arn:aws:s3:::my-documents/uploads/*']);
  for (const id of ['RagLibraryInspector', 'RagDocumentsApi']) {
    expect(allowed(id, 'kms:GenerateDataKey'), id).toContain(keyArn('of-bucket'));
  }
  const rules = Object.values(resourcesOf(template, 'AWS::Events::Rule')).map(({ Properties }) =>
    JSON.stringify(Properties['EventPattern']),
  );
  expect(rules).toHaveLength(2);
  for (const rule of rules) expect(rule).toContain('"name":["my-documents"]');
});

it('lets pages talk to the login and upload into the bucket of yours (s3-presigned-uploads)', () => {
  const policies = JSON.stringify(resourcesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy'));
  const sources = /connect-src ([^;]*)/.exec(policies)?.[1];
  expect(sources).toContain("'self' https://login.example.com https://my-documents.s3.eu-west-1.");
  expect(policies).not.toContain('//documents-');
});

it('uses the key, the pool, the web ACL and the topic of yours', () => {
  const of = (type: string) => JSON.stringify(resourcesOf(template, type));
  for (const table of Object.values(resourcesOf(template, 'AWS::DynamoDB::Table'))) {
    expect(JSON.stringify(table)).toContain(keyArn('mine'));
  }
  expect(of('AWS::ApiGateway::Authorizer')).toContain('userpool/eu-west-1_mine');
  expect(only('AWS::Cognito::UserPoolClient', 'RagLoginClient')).toMatchObject({ UserPoolId: 'eu-west-1_mine' });
  expect(of('AWS::CloudFront::Distribution')).toContain('global/webacl/mine/1');
  const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(10);
  for (const { Properties } of alarms) expect(Properties['AlarmActions']).toEqual([rag.alarmTopic.topic.topicArn]);
});

it('is refused nothing by the packs', () => {
  const { violations } = validationReport(build, (app) => allPacks(app, { strict: true }));
  const told = violations.filter(
    ({ ruleName, description }) =>
      !ruleName.startsWith('Annotation::') && !description.startsWith('Rule threw an error'),
  );
  expect(told.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
});

it('takes a bucket of the same stack, without a circle', () => {
  const stack = new Stack(testApp(), 'Mine', { env });
  const bucket = new Bucket(stack, 'Bucket');
  new GenAiRag(stack, 'Rag', {
    existing: { knowledgeBase: { knowledgeBaseId: 'KBOFMINE01', dataSourceId: 'DSOFMINE01', bucket } },
  });
  expect(() => Template.fromStack(stack)).not.toThrow();
});

it('answers to a name of yours, with records and a certificate in us-east-1', () => {
  const app = testApp();
  const stack = new Stack(app, 'Mine', { env });
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  const { url } = new GenAiRag(stack, 'Rag', { site: { domain: { names: ['ask.example.com'], hostedZone } } });
  expect(url).toBe('https://ask.example.com');
  const { stacks } = app.synth();
  const holders = stacks.filter(({ template }) => JSON.stringify(template).includes('AWS::CertificateManager'));
  expect(holders.map(({ environment }) => environment.region)).toEqual(['us-east-1']);
  const named = Template.fromJSON(stacks.find(({ stackName }) => stackName === 'Mine')?.template ?? {});
  named.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    CallbackURLs: ['https://ask.example.com/signed-in'],
    LogoutURLs: ['https://ask.example.com/'],
  });
  expect(Object.keys(named.findResources('AWS::Route53::RecordSet'))).toHaveLength(2);
  expect(JSON.stringify(named.findResources('AWS::S3::Bucket'))).toContain('"https://ask.example.com"');
});

it('leaves your users alone in dev too: no sign-in by an administrator, and no line that makes one', () => {
  const app = testApp();
  const userPool = UserPool.fromUserPoolId(new Stack(app, 'Yours', { env }), 'Users', 'eu-west-1_mine');
  const users = { userPool, loginUrl: 'https://login.example.com' };
  const stack = new GenAiRagStack(app, 'Dev', { env, stage: stages.dev, existing: { users } });
  const dev = Template.fromStack(stack);
  dev.hasResourceProperties('AWS::Cognito::UserPoolClient', { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
  expect(Object.keys(dev.toJSON().Outputs)).not.toContain('Try');
});
