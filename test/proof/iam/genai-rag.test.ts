import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { VECTOR_STORES } from '../../synthesize';
import { ragDocument, resolvedRag } from '../genai-rag/deployed';
import { walkRag } from '../genai-rag/walk';
import { RAG_REASONS, RagRequests, usesOfRag } from './genai-rag-requests';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ASSUMING_SERVICES, assumption, trustRequests } from './trust-requests';

const FOREIGN = '999999999999';
/** CDK's own functions, whose roles have AWS's policy for logs, and the role that API Gateway writes any log of the region by. */
const MANAGED = /^(Custom|.*ApiCloudWatchRole)/;

let calls: Awaited<ReturnType<typeof walkRag>>['calls'];
beforeAll(async () => {
  ({ calls } = await walkRag());
});

/** S3 Vectors in dev, OpenSearch Serverless in prod. */
describe.each(['dev', 'prod'] as const)('the IAM of the GenAI application in %s', (stage) => {
  let template: ResolvedTemplate;
  let used: AccessRequest[];
  beforeAll(() => {
    const store = stage === 'dev' ? 's3-vectors' : 'opensearch';
    template = resolvedRag(ragDocument(stage, { knowledge: { vectorStore: VECTOR_STORES[store]() } }));
    used = usesOfRag(template, calls);
  });

  const role = (part: string) => find(template, 'AWS::IAM::Role', part).arn;
  const by = (part: string) => used.filter(({ principal }) => principal === role(part));
  const arnOf = (type: string, part = '') => find(template, type, part).arn;
  const documentsBucket = () => arnOf('AWS::S3::Bucket', 'Documents');
  const act = (principal: string, action: string, resource: string, context = {}): AccessRequest => ({
    principal: principal.includes('.amazonaws.com') ? principal : role(principal),
    action,
    resource,
    policyOf: template.byArn(resource.replace(/^(arn:aws:s3:::[^/]+)\/.+$/, '$1'))?.logicalId,
    context,
  });
  const all = (principal: string, resource: string, ...actions: string[]) =>
    actions.map((action) => act(principal, action, resource));

  it('allows what its handlers and the services do', async () => {
    const roles = template.ofType('AWS::IAM::Role').filter(({ logicalId }) => !logicalId.includes('ApiCloudWatch'));
    const principals = new Set(used.map(({ principal }) => principal));
    const services = [...principals].filter((principal) => !principal.startsWith('arn:')).sort();
    expect([...principals].filter((each) => each.startsWith('arn:')).sort()).toEqual(
      roles.map(({ arn }) => arn).sort(),
    );
    expect(services).toEqual(
      [
        'apigateway.amazonaws.com',
        'cloudfront.amazonaws.com',
        'cloudwatch.amazonaws.com',
        ...(stage === 'prod' ? ['delivery.logs.amazonaws.com'] : []),
        'events.amazonaws.com',
        ...(stage === 'dev' ? ['indexing.s3vectors.amazonaws.com'] : []),
        'logs.us-east-1.amazonaws.com',
      ].sort(),
    );
    await expectAllowed(template, used);
  });

  it('grants nothing that is not used, but for stated reasons', () => {
    const { stated, unstated } = unusedGrants(template, used, RAG_REASONS);
    expect(unstated).toEqual([]);
    expect([...stated].sort()).toEqual(Object.keys(RAG_REASONS).sort());
  });

  it("grants by no other kind of policy, but for CDK's own functions and API Gateway's log", () => {
    const others = template
      .ofType('AWS::IAM::Role')
      .filter(({ properties }) => 'ManagedPolicyArns' in properties || 'Policies' in properties);
    for (const { logicalId } of others) expect(logicalId).toMatch(MANAGED);
  });

  it('lets each role be assumed by the service that it is for, for this account, and by no other', async () => {
    const requests = trustRequests(template);
    const roles = template.ofType('AWS::IAM::Role').map(({ arn }) => arn);
    expect(new Set(requests.map(({ resource }) => resource))).toEqual(new Set(roles));
    await expectAllowed(template, requests);
    const others = requests.flatMap(({ principal, resource }) =>
      [...new Set([...ASSUMING_SERVICES, 'events.amazonaws.com'])]
        .filter((service) => service !== principal)
        .map((service) => assumption(template, service, resource, template.deployment.account)),
    );
    const ofBedrock = requests.filter(({ principal }) => principal === 'bedrock.amazonaws.com');
    expect(ofBedrock).toHaveLength(1);
    await expectDenied(template, [
      ...others,
      assumption(template, 'bedrock.amazonaws.com', role('KnowledgeBaseRole'), FOREIGN),
      assumption(template, 'scheduler.amazonaws.com', role('ScheduleRole'), FOREIGN),
      ...ofBedrock.map((request) => ({
        ...request,
        context: {
          ...request.context,
          'aws:SourceArn': `arn:aws:bedrock:us-east-1:${template.deployment.account}:agent/AGENT1`,
        },
      })),
    ]);
  });

  it('denies an answer without this guardrail, by another model, or around the profile', async () => {
    const asked = by('AskRole').filter(({ action }) => action === 'bedrock:InvokeModelWithResponseStream');
    // The profile, and the model in each region of it.
    expect(asked).toHaveLength(4);
    const [profile, ...models] = asked;
    const guardrail = asked[0]?.context?.['bedrock:GuardrailIdentifier'] ?? '';
    expect(guardrail).toMatch(/:guardrail\/[a-z0-9]+:1$/);
    const withGuardrail = (identifier: string) =>
      asked.map((request) => ({
        ...request,
        context: { ...request.context, 'bedrock:GuardrailIdentifier': identifier },
      }));
    const without = (name: string) => (request: AccessRequest) => ({
      ...request,
      context: Object.fromEntries(Object.entries(request.context ?? {}).filter(([key]) => key !== name)),
    });
    await expectDenied(template, [
      ...asked.map(without('bedrock:GuardrailIdentifier')),
      ...withGuardrail(guardrail.replace(/:1$/, '')),
      ...withGuardrail(guardrail.replace(/:1$/, ':DRAFT')),
      ...withGuardrail(guardrail.replace(/\/[^/]+:1$/, '/other:1')),
      // Whatever else they might be: by its own id, another model, another profile, and out of the geography.
      ...models.map(without('bedrock:InferenceProfileArn')),
      ...models.map((request) => ({ ...request, resource: `${request.resource.replace('lite', 'pro')}` })),
      ...models.map((request) => ({
        ...request,
        resource: request.resource.replace(/bedrock:[^:]+/, 'bedrock:eu-west-1'),
      })),
      ...[profile].flatMap((request) =>
        request === undefined ? [] : [{ ...request, resource: request.resource.replace('us.amazon', 'global.amazon') }],
      ),
      ...[profile].flatMap((request) =>
        request === undefined ? [] : [{ ...request, action: 'bedrock:GetInferenceProfile' }],
      ),
      act('AskRole', 'bedrock:ApplyGuardrail', guardrail.replace(/\/[^/]+:1$/, '/other')),
      act('AskRole', 'bedrock:UpdateGuardrail', guardrail.replace(/:1$/, '')),
    ]);
  });

  it('denies another knowledge base, and what is of another part with it', async () => {
    const base = arnOf('AWS::Bedrock::KnowledgeBase');
    const jobs = ['StartIngestionJob', 'GetIngestionJob', 'GetKnowledgeBaseDocuments'].map((each) => `bedrock:${each}`);
    await expectDenied(template, [
      ...all('AskRole', `${base}X`, 'bedrock:Retrieve'),
      ...all('AskRole', base, ...jobs, 'bedrock:DeleteKnowledgeBase'),
      ...all('AskRole', '*', 'bedrock:RetrieveAndGenerate', 'bedrock:ListKnowledgeBases'),
      ...all('SyncRole', `${base}X`, ...jobs),
      ...all('SyncRole', base, 'bedrock:Retrieve', 'bedrock:StopIngestionJob', 'bedrock:DeleteKnowledgeBaseDocuments'),
      ...['ConversationsApiRole', 'DocumentsApiRole', 'InspectorRole', 'KnowledgeBaseRole'].flatMap((each) =>
        all(each, base, 'bedrock:Retrieve', ...jobs),
      ),
    ]);
  });

  it('denies each table to who has the other, and what its own does not do', async () => {
    const conversations = arnOf('AWS::DynamoDB::Table', 'Conversations');
    const documents = arnOf('AWS::DynamoDB::Table', 'Library');
    const any = ['GetItem', 'PutItem', 'Query', 'UpdateItem', 'DeleteItem'].map((each) => `dynamodb:${each}`);
    await expectDenied(template, [
      ...['AskRole', 'ConversationsApiRole', 'OriginSecretHandlerRole', 'KnowledgeBaseRole'].flatMap((each) =>
        all(each, documents, ...any),
      ),
      ...['DocumentsApiRole', 'InspectorRole', 'SyncRole', 'OriginSecretHandlerRole'].flatMap((each) =>
        all(each, conversations, ...any),
      ),
      ...['AskRole', 'ConversationsApiRole'].flatMap((each) => all(each, conversations, 'dynamodb:Scan')),
      ...all('ConversationsApiRole', conversations, 'dynamodb:PutItem', 'dynamodb:UpdateItem'),
      ...all('DocumentsApiRole', documents, 'dynamodb:Query', 'dynamodb:DeleteItem', 'dynamodb:Scan'),
      ...all('InspectorRole', documents, 'dynamodb:Query', 'dynamodb:DeleteItem', 'dynamodb:Scan'),
      ...all('SyncRole', documents, 'dynamodb:GetItem', 'dynamodb:Scan'),
    ]);
  });

  it('denies each folder, and each bucket, to whom it is not for', async () => {
    const [key, bucket] = ['t-acme/1.txt', documentsBucket()];
    const claim = `${arnOf('AWS::S3::Bucket', 'LongTurns')}/turns/t-acme/1.json`;
    const page = `${arnOf('AWS::S3::Bucket', 'SiteBucket')}/index.html`;
    const distribution = arnOf('AWS::CloudFront::Distribution');
    const any = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
    const versions = ['s3:GetObjectVersion', 's3:DeleteObjectVersion', 's3:PutObjectAcl'];
    const inFolder = (folder: string) => `${bucket}/${folder}/${key}`;
    const ofBase = { 'aws:ResourceAccount': template.deployment.account };
    await expectDenied(template, [
      ...['AskRole', 'ConversationsApiRole', 'OriginSecretHandlerRole', 'ScheduleRole'].flatMap((each) =>
        all(each, inFolder('documents'), ...any),
      ),
      ...['DocumentsApiRole', 'InspectorRole', 'SyncRole', 'KnowledgeBaseRole'].flatMap((each) =>
        all(each, claim, ...any),
      ),
      ...all('AskRole', claim, ...versions),
      ...all('ConversationsApiRole', claim, 's3:PutObject', ...versions),
      ...all('DocumentsApiRole', inFolder('uploads'), 's3:GetObject', ...versions),
      ...all('DocumentsApiRole', inFolder('documents'), 's3:PutObject', ...versions),
      ...all('DocumentsApiRole', inFolder('quarantine'), ...any),
      ...all('InspectorRole', inFolder('uploads'), 's3:PutObject', ...versions),
      ...all('InspectorRole', inFolder('quarantine'), 's3:GetObject', 's3:DeleteObject'),
      ...all('InspectorRole', inFolder('elsewhere'), ...any),
      ...all('SyncRole', inFolder('documents'), 's3:GetObject', 's3:PutObject', ...versions),
      ...all('SyncRole', inFolder('uploads'), 's3:DeleteObject'),
      ...['uploads', 'quarantine'].map((folder) => act('KnowledgeBaseRole', 's3:GetObject', inFolder(folder), ofBase)),
      act('KnowledgeBaseRole', 's3:PutObject', inFolder('documents'), ofBase),
      act('KnowledgeBaseRole', 's3:GetObject', inFolder('documents'), { 'aws:ResourceAccount': FOREIGN }),
      act('cloudfront.amazonaws.com', 's3:GetObject', page, { 'aws:SourceArn': `${distribution}X` }),
      act('cloudfront.amazonaws.com', 's3:GetObject', inFolder('documents'), { 'aws:SourceArn': distribution }),
      ...all('SiteCopierRole', inFolder('documents'), ...any),
      // Signed by who may, but too long ago.
      act('DocumentsApiRole', 's3:PutObject', inFolder('uploads'), { 's3:signatureAge': '900001' }),
      act('DocumentsApiRole', 's3:PutObject', inFolder('uploads'), { 'aws:SecureTransport': 'false' }),
    ]);
  });

  it('denies the knowledge base another model, and another store', async () => {
    const own = by('KnowledgeBaseRole').filter(({ action }) => /^(bedrock|aoss|s3vectors):/.test(action));
    expect(own.length).toBe(stage === 'dev' ? 6 : 2);
    await expectDenied(
      template,
      own.map((request) => ({ ...request, resource: `${request.resource}x` })),
    );
  });

  it('denies the key to who has nothing that it encrypts, and for anything but use', async () => {
    const key = arnOf('AWS::KMS::Key');
    const region = 'us-east-1.amazonaws.com';
    const roles = template.ofType('AWS::IAM::Role').map(({ arn = '' }) => arn);
    const manage = ['kms:ScheduleKeyDeletion', 'kms:CreateGrant', 'kms:PutKeyPolicy'];
    await expectDenied(template, [
      ...roles.flatMap((principal) => manage.map((action) => ({ ...act('AskRole', action, key), principal }))),
      ...all('OriginSecretHandlerRole', key, 'kms:Decrypt', 'kms:GenerateDataKey'),
      // Through DynamoDB alone.
      act('SyncRole', 'kms:Encrypt', key, { 'kms:ViaService': `s3.${region}` }),
      act('AskRole', 'kms:ReEncryptFrom', key),
      ...['AskRole', 'SyncRole', 'InspectorRole', 'KnowledgeBaseRole'].flatMap((each) =>
        all(each, `${key}x`, 'kms:Decrypt', 'kms:GenerateDataKey'),
      ),
      ...['cloudwatch', 'events', 'sns'].map((each) =>
        act(`${each}.amazonaws.com`, 'kms:GenerateDataKey', key, { 'aws:SourceAccount': FOREIGN }),
      ),
      act(`logs.${region}`, 'kms:Decrypt', key, {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${FOREIGN}:log-group:theirs`,
      }),
      act('bedrock.amazonaws.com', 'kms:Decrypt', key, { 'aws:SourceAccount': template.deployment.account }),
    ]);
    const indexing = template
      .ofType('AWS::S3Vectors::Index')
      .flatMap((each) => new RagRequests(template).indexing(each));
    expect(indexing).toHaveLength(stage === 'dev' ? 1 : 0);
    await expectDenied(
      template,
      indexing.flatMap((request) => [
        { ...request, context: { ...request.context, 'aws:SourceAccount': FOREIGN } },
        { ...request, action: 'kms:GenerateDataKey' },
      ]),
    );
  });

  it("denies other rules' events, others' alarms, and queues and functions of another part", async () => {
    const rule = arnOf('AWS::Events::Rule', 'EventsRule');
    const work = arnOf('AWS::SQS::Queue', 'EventsWorkQueue');
    const schedule = arnOf('AWS::SQS::Queue', 'ScheduleDeadLetters');
    await expectDenied(template, [
      act('events.amazonaws.com', 'sqs:SendMessage', work, { 'aws:SourceArn': `${rule}-other` }),
      act('events.amazonaws.com', 'sqs:SendMessage', schedule, { 'aws:SourceArn': rule }),
      act('cloudwatch.amazonaws.com', 'sns:Publish', arnOf('AWS::SNS::Topic'), { 'aws:SourceAccount': FOREIGN }),
      ...all('InspectorRole', work, 'sqs:SendMessage', 'sqs:PurgeQueue'),
      ...all('InspectorRole', schedule, 'sqs:SendMessage', 'sqs:ReceiveMessage'),
      ...all('SyncRole', work, 'sqs:SendMessage', 'sqs:ReceiveMessage'),
      ...all('SyncRole', schedule, 'sqs:ReceiveMessage'),
      ...['AnswersAskFunction', 'Inspector', 'DocumentsApi'].flatMap((each) =>
        all('ScheduleRole', arnOf('AWS::Lambda::Function', each), 'lambda:InvokeFunction'),
      ),
      ...['AskRole', 'DocumentsApiRole'].flatMap((each) =>
        all(each, arnOf('AWS::Lambda::Function', 'SyncFunction'), 'lambda:InvokeFunction'),
      ),
    ]);
  });

  it('lets API Gateway call each alias for its own routes, and nobody else', async () => {
    const routes = template.ofType('AWS::ApiGateway::Method').flatMap((each) => new RagRequests(template).route(each));
    expect(routes).toHaveLength(11);
    expect(new Set(routes.map(({ resource }) => resource)).size).toBe(3);
    const from = (change: (arn: string) => string) => (request: AccessRequest) => ({
      ...request,
      context: { 'aws:SourceArn': change(request.context?.['aws:SourceArn'] ?? '') },
    });
    const ask = routes.filter(({ resource }) => resource.includes('Ask'));
    expect(ask).toHaveLength(1);
    await expectDenied(template, [
      ...routes.map(from((arn) => arn.replace(/(execute-api:[^:]+:[^:]+:)[^/]+/, '$1other'))),
      ...routes.map(from((arn) => arn.replace(/\/v1\//, '/test-invoke-stage/'))),
      ...routes.map(from((arn) => arn.replace(/\/(GET|POST|DELETE)\//, '/PUT/'))),
      ...routes.map((request) => ({ ...request, principal: 's3.amazonaws.com' })),
      // One alias's routes are not another's.
      ...routes.flatMap((request) =>
        request.policyOf === ask[0]?.policyOf ? [] : [{ ...request, policyOf: ask[0]?.policyOf }],
      ),
    ]);
  });
});
