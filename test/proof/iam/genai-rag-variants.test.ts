import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { VECTOR_STORES } from '../../synthesize';
import { type RagVariant, ragDocument, resolvedRag, resolvedRagIn } from '../genai-rag/deployed';
import { walkRag } from '../genai-rag/walk';
import { RAG_REASONS, usesOfRag } from './genai-rag-requests';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { trustRequests } from './trust-requests';

/** A handler that calls nobody. */
const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/theirs';

/** What the pattern's handlers call is the same in every variant. */
let calls: readonly RecordedCall[];
beforeAll(async () => {
  ({ calls } = await walkRag());
});

/** The calls with other settings of the model's. */
function asking(changed: Readonly<Record<string, unknown>>): RecordedCall[] {
  return calls.map((call) =>
    call.action === 'ConverseStream' ? { ...call, input: { ...call.input, ...changed } } : call,
  );
}

async function expectExact(template: ResolvedTemplate, made = calls) {
  const used = usesOfRag(template, made);
  await expectAllowed(template, [...used, ...trustRequests(template)]);
  expect(unusedGrants(template, used, RAG_REASONS).unstated).toEqual([]);
  return { template, used, role: (part: string) => find(template, 'AWS::IAM::Role', part).arn };
}

describe('a GenAI application with a tool', () => {
  it('lets the function that answers call its alias, and nobody else, and the tool nothing', async () => {
    const extend: RagVariant['extend'] = (rag) => {
      const description = 'What a journey costs.';
      rag.addTool('fares', { entry: ENTRY, description, inputSchema: { type: 'object' } });
    };
    const { template, used, role } = await expectExact(resolvedRag(ragDocument('dev', { extend })));
    const called = used.filter(
      ({ principal, action }) => principal === role('AskRole') && action === 'lambda:InvokeFunction',
    );
    expect(called.map(({ resource }) => resource.split(':').at(-1))).toEqual(['live']);
    const own = new Set(
      used.flatMap((each) => (each.principal === role('Toolfares') ? [each.action.split(':')[0]] : [])),
    );
    expect(own).toEqual(new Set(['logs', 'xray']));
    await expectDenied(
      template,
      called.flatMap((request) => [
        { ...request, resource: request.resource.replace(/:live$/, '') },
        { ...request, resource: request.resource.replace(/:live$/, ':1') },
        { ...request, principal: role('ConversationsApiRole') },
        { ...request, principal: role('DocumentsApiRole') },
        { ...request, action: 'lambda:UpdateFunctionCode' },
      ]),
    );
  });
});

describe('a GenAI application that logs what models are asked', () => {
  it('lets one function set that, and hand over one role to Bedrock, which writes one stream', async () => {
    const { template, used, role } = await expectExact(
      resolvedRag(ragDocument('dev', { answers: { invocationLogs: true } })),
    );
    const setting = used.filter(({ action }) => /InvocationLogging|PassRole/.test(action));
    expect(setting).toHaveLength(4);
    const writes = used.filter(
      ({ principal, action }) => principal === role('InvocationLogsRole') && action.startsWith('logs:'),
    );
    expect(writes).toHaveLength(2);
    await expectDenied(template, [
      ...setting.map((request) => ({ ...request, principal: role('AskRole') })),
      ...setting.flatMap((request) =>
        request.action === 'iam:PassRole'
          ? [
              { ...request, resource: role('KnowledgeBaseRole') },
              { ...request, context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
            ]
          : [],
      ),
      ...writes.flatMap((request) => [
        { ...request, resource: request.resource.replace(/log-stream:.+$/, 'log-stream:other') },
        { ...request, resource: request.resource.replace(/log-group:[^:]+/, 'log-group:other') },
      ]),
    ]);
  });
});

describe('a GenAI application in the EU', () => {
  it('asks its model in every region of the geography, by the profile, and in no other', async () => {
    const made = asking({ modelId: 'eu.amazon.nova-2-lite-v1:0' });
    const { template, used } = await expectExact(resolvedRagIn('eu-west-1'), made);
    const models = used.filter(({ resource }) => resource.includes('foundation-model/amazon.nova'));
    expect(models).toHaveLength(6);
    await expectDenied(
      template,
      models.map((request) => ({
        ...request,
        resource: request.resource.replace(/bedrock:[^:]+/, 'bedrock:us-east-1'),
      })),
    );
  });
});

describe('a GenAI application with a guardrail of the user', () => {
  it('asks by that one alone, and never by its draft', async () => {
    const [id, version] = ['theirs1234', '7'];
    const made = asking({ guardrailConfig: { guardrailIdentifier: id, guardrailVersion: version } });
    const { template, used } = await expectExact(
      resolvedRag(ragDocument('prod', { existing: { guardrail: { guardrailId: id, version } } })),
      made,
    );
    const asked = used.filter(({ action }) => action === 'bedrock:InvokeModelWithResponseStream');
    expect(asked).toHaveLength(4);
    await expectDenied(
      template,
      asked.map((request) => ({
        ...request,
        context: {
          ...request.context,
          'bedrock:GuardrailIdentifier': request.context?.['bedrock:GuardrailIdentifier']?.replace(/7$/, 'DRAFT') ?? '',
        },
      })),
    );
  });
});

describe('a GenAI application with a guardrail of the user in the standard tier', () => {
  it('may have it applied with its profile in each region that judges, and in no other', async () => {
    const guardrail = { guardrailId: 'theirs1234', version: '7', profile: 'us.guardrail.v1:0' };
    const template = resolvedRag(ragDocument('prod', { existing: { guardrail } }));
    const requests = ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => ({
      principal: find(template, 'AWS::IAM::Role', 'AskRole').arn,
      action: 'bedrock:ApplyGuardrail',
      resource: `arn:aws:bedrock:${region}:${template.deployment.account}:guardrail-profile/us.guardrail.v1:0`,
    }));
    await expectAllowed(template, requests);
    await expectDenied(
      template,
      requests.map((request) => ({ ...request, resource: request.resource.replace(/us-[a-z]+-\d/, 'eu-west-1') })),
    );
  });
});

describe('a GenAI application with a key of the user', () => {
  it('lets each role use that key for what it works on', async () => {
    const document = ragDocument('prod', {
      existing: { encryptionKey: Key.fromKeyArn(new Stack(new App(), 'Theirs'), 'Key', KEY) },
      extend: ({ dataKey }) => {
        const reason = "The key's policy is the user's.";
        Validations.of(dataKey).acknowledge({ id: 'Annotation::groundplan:kms-fanout-key-policy', reason });
      },
    });
    const template = resolvedRag(document);
    const used = usesOfRag(template, calls);
    // What a service does on its own, the policy of the user's key has to allow.
    const ofRoles = used.filter(({ principal }) => principal.startsWith('arn:'));
    await expectAllowed(template, ofRoles);
    expect(unusedGrants(template, ofRoles, RAG_REASONS).unstated).toEqual([]);
    const keys = new Set(ofRoles.flatMap(({ action, resource }) => (action.startsWith('kms:') ? [resource] : [])));
    expect(keys).toEqual(new Set([KEY]));
  });
});

describe('the proof itself', () => {
  const documents = {
    dev: ragDocument('dev'),
    prod: ragDocument('prod', { knowledge: { vectorStore: VECTOR_STORES.opensearch() } }),
  };
  const POLICY = 'AWS::IAM::Policy';

  interface Statement {
    Action: string | string[];
    Resource: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  }
  const statements = (template: MutableTemplate, type: string, part: string): Statement[] => {
    const { PolicyDocument, KeyPolicy } = template.properties(type, part) as Record<string, { Statement: Statement[] }>;
    return (PolicyDocument ?? KeyPolicy)?.Statement ?? [];
  };
  const without = (type: string, part: string, action: string) => (template: MutableTemplate) => {
    const all = statements(template, type, part);
    const kept = all.filter(({ Action }) => ![Action].flat().includes(action));
    expect(kept.length).toBeLessThan(all.length);
    all.splice(0, all.length, ...kept);
  };
  /** Without the last of the resources that the one statement of an action lists. */
  const withoutLast = (action: string) => (template: MutableTemplate) => {
    const lists = statements(template, POLICY, 'AskRole').flatMap(({ Action, Resource }) =>
      [Action].flat().includes(action) && Array.isArray(Resource) ? [Resource] : [],
    );
    expect(lists).toHaveLength(1);
    lists[0]?.pop();
  };
  const granted = (part: string, action: string) => (template: MutableTemplate) => {
    const [first] = statements(template, POLICY, part);
    statements(template, POLICY, part).push({ Action: action, Resource: first?.Resource });
  };
  const ruin: Readonly<Record<string, readonly ['dev' | 'prod', (template: MutableTemplate) => void]>> = {
    'a claim that nobody may delete': ['dev', without(POLICY, 'ConversationsApiRole', 's3:DeleteObject')],
    'a turn that cannot be kept': ['dev', without(POLICY, 'AskRole', 'dynamodb:UpdateItem')],
    'a guardrail that cannot be applied': ['dev', without(POLICY, 'AskRole', 'bedrock:ApplyGuardrail')],
    'a model that cannot be asked': ['dev', without(POLICY, 'AskRole', 'bedrock:InvokeModelWithResponseStream')],
    'a region of the profile that is left out': ['prod', withoutLast('bedrock:InvokeModel')],
    "a region of the guardrail's profile that is left out": ['prod', withoutLast('bedrock:ApplyGuardrail')],
    'passages that cannot be found': ['dev', without(POLICY, 'AskRole', 'bedrock:Retrieve')],
    'jobs that cannot be started': ['dev', without(POLICY, 'SyncRole', 'bedrock:StartIngestionJob')],
    'documents that cannot be listed': ['dev', without(POLICY, 'DocumentsApiRole', 'dynamodb:Query')],
    'files that cannot be put aside': ['dev', without(POLICY, 'InspectorRole', 's3:PutObject')],
    'vectors that cannot be asked': ['dev', without(POLICY, 'VectorStore', 's3vectors:QueryVectors')],
    'a collection that cannot be reached': ['prod', without(POLICY, 'VectorStore', 'aoss:APIAccessAll')],
    'a model that embeds nothing': ['prod', without(POLICY, 'KnowledgeBaseRole', 'bedrock:InvokeModel')],
    'documents that the knowledge base cannot read': [
      'prod',
      without(POLICY, 'KnowledgeBaseDocumentsAccess', 's3:GetObject'),
    ],
    'a schedule that calls nobody': ['dev', without(POLICY, 'ScheduleRole', 'lambda:InvokeFunction')],
    'events that a queue does not take': [
      'dev',
      without('AWS::SQS::QueuePolicy', 'EventsWorkQueue', 'sqs:SendMessage'),
    ],
    'events that a key does not take': ['dev', without('AWS::KMS::Key', '', 'kms:GenerateDataKey*')],
    'an index that the key shuts out': [
      'dev',
      (template) => {
        const all = statements(template, 'AWS::KMS::Key', '');
        all.splice(
          all.findIndex((each) => JSON.stringify(each).includes('indexing.s3vectors')),
          1,
        );
      },
    ],
    'a permission of the API': ['dev', (template) => template.remove('AWS::Lambda::Permission', 'messagesPOST')],
    'a role that Bedrock cannot assume': [
      'dev',
      (template) => {
        const { AssumeRolePolicyDocument } = template.properties('AWS::IAM::Role', 'KnowledgeBaseRole') as {
          AssumeRolePolicyDocument: { Statement: Statement[] };
        };
        const [first] = AssumeRolePolicyDocument.Statement;
        if (first !== undefined) first.Condition = { StringEquals: { 'aws:SourceAccount': '999999999999' } };
      },
    ],
    'a scan that nobody makes': ['dev', granted('AskRole', 'dynamodb:Scan')],
    'a document that the conversations may read': ['dev', granted('ConversationsApiRole', 's3:GetObjectVersion')],
  };

  it.each(Object.entries(ruin))('finds %s', async (_, [stage, take]) => {
    const template = new MutableTemplate(documents[stage]);
    take(template);
    await expect(expectExact(resolvedRag(template.document))).rejects.toThrow(/to be 'Allowed'|to deeply equal/);
  });

  it('finds an answer that needs no guardrail', async () => {
    const template = new MutableTemplate(documents.dev);
    for (const { Condition } of statements(template, POLICY, 'AskRole')) {
      delete Condition?.['StringLike'];
    }
    const resolved = resolvedRag(template.document);
    const bare = usesOfRag(resolved, calls)
      .filter(({ action }) => action === 'bedrock:InvokeModelWithResponseStream')
      .map(({ context, ...request }): AccessRequest => {
        const { 'bedrock:GuardrailIdentifier': _, ...rest } = context ?? {};
        return { ...request, context: rest };
      });
    expect(bare).toHaveLength(4);
    await expect(expectDenied(resolved, bare)).rejects.toThrow();
  });

  it('finds nothing where all is right', async () => {
    for (const document of Object.values(documents)) await expectExact(resolvedRag(document));
  });
});
