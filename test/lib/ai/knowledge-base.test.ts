import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { Chunking } from '../../../lib/ai/chunking';
import { EmbeddingModel } from '../../../lib/ai/embedding-model';
import { KnowledgeBase } from '../../../lib/ai/knowledge-base';
import { VectorStore } from '../../../lib/ai/vector-store';
import { resourcesOf, testApp } from '../../synthesize';
import { CreationOrder } from './creation-order-fixture';
import { emptyFixture, IRELAND, knowledgeFixture, only, statementsFor, text } from './knowledge-fixture';

const s3 = knowledgeFixture();
const template = s3.synthesize();
const KNOWLEDGE_BASE = 'AWS::Bedrock::KnowledgeBase';
const DATA_SOURCE = 'AWS::Bedrock::DataSource';

describe('a knowledge base in S3 Vectors (rag-knowledge-base)', () => {
  it('is made after its role, its policy and its store, and read from after it may read', () => {
    const order = new CreationOrder(template);
    const base = order.of(KNOWLEDGE_BASE);
    const source = order.of(DATA_SOURCE);
    const own = order.of('AWS::IAM::Policy', (_, id) => id.startsWith('KnowledgeRoleDefaultPolicy'));
    const access = order.of('AWS::IAM::Policy', (_, id) => id.startsWith('KnowledgeDocumentsAccess'));
    const [bucket, index, key] = ['AWS::S3Vectors::VectorBucket', 'AWS::S3Vectors::Index', 'AWS::KMS::Key'].map(
      (type) => order.of(type),
    ) as [string[], string[], string[]];
    expect(
      order.missing([
        [key, bucket],
        [bucket, index],
        [index, base],
        [own, base],
        [base, source],
        [access, source],
        [index, source],
        [own, source],
      ]),
    ).toEqual([]);
    // Or the bucket would wait for what notifies, and the other way round.
    expect(order.before(base[0] ?? '')).not.toContain(order.of('AWS::S3::Bucket')[0]);
  });

  it('works for knowledge bases of this account alone', () => {
    const { RoleArn } = only(template, KNOWLEDGE_BASE).Properties;
    const [, role] = text(RoleArn).match(/^<(.*)\.Arn>$/) ?? [];
    const document = resourcesOf(template, 'AWS::IAM::Role')[role ?? '']?.Properties['AssumeRolePolicyDocument'] as {
      Statement: Record<string, unknown>[];
    };
    expect(document.Statement).toHaveLength(1);
    expect(document.Statement[0]).toMatchObject({
      Principal: { Service: 'bedrock.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    const { ArnLike } = (document.Statement[0]?.['Condition'] ?? {}) as { ArnLike?: Record<string, unknown> };
    expect(text(ArnLike?.['aws:SourceArn'])).toBe('arn:aws:bedrock:eu-west-1:111111111111:knowledge-base/*');
  });

  it('may do what it needs on what it needs, and nothing else', () => {
    const allowed = Object.entries(resourcesOf(template, 'AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('Knowledge'))
      .flatMap(
        ([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement,
      )
      .map(({ Action, Resource, Condition }) => [
        [Action].flat().join(' '),
        text(Resource).replaceAll(/[0-9A-F]{8}/g, ''),
        ...(Condition === undefined ? [] : [Condition]),
      ]);
    const inAccount = { StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } };
    expect(allowed).toEqual([
      ['bedrock:InvokeModel', 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0'],
      ['kms:Decrypt kms:GenerateDataKey', '<Key.Arn>'],
      [
        's3vectors:DeleteVectors s3vectors:GetIndex s3vectors:GetVectors s3vectors:PutVectors s3vectors:QueryVectors',
        '<KnowledgeVectorStoreIndex.IndexArn>',
      ],
      ['s3:ListBucket', '<Documents.Arn>', inAccount],
      ['s3:GetObject', '<Documents.Arn>/documents/*', inAccount],
    ]);
  });

  it('keeps the text of chunks out of what filters may hold', () => {
    expect(only(template, 'AWS::S3Vectors::Index').Properties).toMatchObject({
      DataType: 'float32',
      Dimension: 1024,
      DistanceMetric: 'cosine',
      MetadataConfiguration: { NonFilterableMetadataKeys: ['AMAZON_BEDROCK_TEXT', 'AMAZON_BEDROCK_METADATA'] },
    });
  });

  it('lets S3 Vectors read with the key, for buckets of this account', () => {
    const { KeyPolicy } = only(template, 'AWS::KMS::Key').Properties as {
      KeyPolicy: { Statement: Record<string, unknown>[] };
    };
    const [indexing] = KeyPolicy.Statement.filter(({ Sid }) => Sid === 'IndexVectors');
    expect(indexing).toMatchObject({
      Principal: { Service: 'indexing.s3vectors.amazonaws.com' },
      Action: 'kms:Decrypt',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    for (const type of ['AWS::S3Vectors::VectorBucket', 'AWS::S3Vectors::Index']) {
      expect(
        text((only(template, type).Properties['EncryptionConfiguration'] as { KmsKeyArn: unknown }).KmsKeyArn),
      ).toMatch(/^<Key/);
    }
  });

  it('says so where a key of yours does not', () => {
    const { stack, stage } = emptyFixture();
    const encryptionKey = Key.fromKeyArn(stack, 'Mine', 'arn:aws:kms:eu-west-1:111111111111:key/k1');
    new KnowledgeBase(stack, 'Knowledge', { stage, encryptionKey, vectorStore: VectorStore.s3Vectors() });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('indexing\\.s3vectors.*kms-fanout-key-policy'));
  });

  it('takes in one prefix, encrypted with our key, and forgets what goes', () => {
    const { Properties } = only(template, DATA_SOURCE);
    expect(Properties).toMatchObject({
      DataDeletionPolicy: 'DELETE',
      DataSourceConfiguration: { Type: 'S3', S3Configuration: { InclusionPrefixes: ['documents/'] } },
      VectorIngestionConfiguration: {
        ChunkingConfiguration: {
          ChunkingStrategy: 'FIXED_SIZE',
          FixedSizeChunkingConfiguration: { MaxTokens: 300, OverlapPercentage: 20 },
        },
      },
    });
    expect(Properties).toHaveProperty('ServerSideEncryptionConfiguration.KmsKeyArn');
  });

  it('logs what became of each document', () => {
    const order = new CreationOrder(template);
    expect(text(only(template, 'AWS::Logs::DeliverySource').Properties['ResourceArn'])).toMatch(
      /^<Knowledge.*KnowledgeBaseArn>$/,
    );
    expect(order.missing([[order.of('AWS::Logs::DeliverySource'), order.of('AWS::Logs::Delivery')]])).toEqual([]);
  });

  it('goes with its stack, prod too, since documents are what is kept', () => {
    const prod = knowledgeFixture({ stage: 'prod' }).synthesize().toJSON() as {
      Resources: Record<string, { Type: string; DeletionPolicy?: string }>;
    };
    const policies = Object.values(prod.Resources).filter(({ Type }) => /S3Vectors|Bedrock/.test(Type));
    expect(policies.map(({ DeletionPolicy }) => DeletionPolicy).filter((each) => each === 'Retain')).toEqual([]);
  });

  it('costs nothing while idle, and says so', () => {
    Annotations.fromStack(s3.stack).hasInfo(
      '/Rag/Knowledge',
      Match.stringLikeRegexp('S3 Vectors, costs \\$0\\.00 a month'),
    );
  });

  it('lets ask and bring up to date, each on the knowledge base alone', () => {
    const { stack, role, knowledgeBase } = knowledgeFixture();
    knowledgeBase.grantRetrieve(role);
    knowledgeBase.grantSync(role);
    const synthesized = Template.fromStack(stack);
    for (const action of ['bedrock:Retrieve', 'bedrock:StartIngestionJob', 'bedrock:GetKnowledgeBaseDocuments']) {
      const statements = statementsFor(synthesized, action);
      expect(statements.map(({ Resource }) => text(Resource))).toEqual([
        expect.stringMatching(/^<Knowledge.*KnowledgeBaseArn>$/),
      ]);
    }
  });

  it('reads with the key of a bucket of yours', () => {
    const { stack, key, stage } = emptyFixture();
    const bucket = new Bucket(stack, 'Documents', { encryptionKey: new Key(stack, 'Other') });
    const base = new KnowledgeBase(stack, 'Knowledge', {
      stage,
      encryptionKey: key,
      vectorStore: VectorStore.s3Vectors(),
    });
    base.addS3DataSource('Documents', { bucket });
    const keys = statementsFor(Template.fromStack(stack), 'kms:Decrypt').map(({ Resource }) => text(Resource));
    expect(keys).toContainEqual(expect.stringMatching(/^<Other/));
  });
});

describe('names of what Bedrock knows by name', () => {
  const names = (options: Parameters<typeof knowledgeFixture>[0]) => {
    const synthesized = knowledgeFixture(options).synthesize();
    return [KNOWLEDGE_BASE, DATA_SOURCE].map((type) => text(only(synthesized, type).Properties['Name']));
  };

  it('stay as they are', () => {
    expect(names({})).toEqual(names({}));
  });

  it('are others for what replaces them', () => {
    const bases = [
      {},
      { embedding: EmbeddingModel.titanTextV2(256) },
      { embedding: EmbeddingModel.of({ modelId: 'other.embed', dimensions: 1024, allowed: [1024] }) },
      { store: VectorStore.openSearchServerless({ generation: 'NEXTGEN' }) },
      { store: VectorStore.openSearchServerless() },
      { store: VectorStore.openSearchServerless({ standbyReplicas: true }) },
    ].map((options) => names(options as Parameters<typeof knowledgeFixture>[0])[0]);
    expect(new Set(bases).size).toBe(bases.length);
    const sources = [{}, { prefix: 'other/' }, { chunking: Chunking.none() }].map((options) => names(options)[1]);
    expect(new Set(sources).size).toBe(sources.length);
  });

  it.each([
    ['S3 Vectors', () => VectorStore.s3Vectors()],
    ['OpenSearch Serverless', () => VectorStore.openSearchServerless()],
  ])('are others with another key, which %s cannot change', (_, store) => {
    const of = (keyId: string) => {
      const stack = new Stack(testApp(), 'Rag', { env: IRELAND });
      const encryptionKey = new Key(stack, keyId);
      new KnowledgeBase(stack, 'Knowledge', { stage: stages.dev, encryptionKey, vectorStore: store() });
      return text(only(Template.fromStack(stack), KNOWLEDGE_BASE).Properties['Name']);
    };
    expect(of('One')).not.toBe(of('Other'));
  });

  it('tell two of a stack, and two stacks, apart', () => {
    const { stack, stage, key } = emptyFixture();
    for (const id of ['One', 'Two']) {
      new KnowledgeBase(stack, id, { stage, encryptionKey: key, vectorStore: VectorStore.s3Vectors() });
    }
    const found = Object.values(resourcesOf(Template.fromStack(stack), KNOWLEDGE_BASE)).map(
      ({ Properties }) => Properties['Name'],
    );
    expect(text(found[0])).not.toBe(text(found[1]));
    expect(JSON.stringify(found)).toContain('AWS::StackId');
  });
});

describe('chunks', () => {
  it.each([
    [Chunking.fixedSize({ maxTokens: 0 }), /chunking\.maxTokens is 0/],
    [Chunking.fixedSize({ overlapPercent: 100 }), /chunking\.overlapPercent is 100; allowed: a whole number, 1 to 99/],
    [Chunking.semantic({ bufferSize: 2 }), /bufferSize is 2/],
    [Chunking.semantic({ breakpointPercentile: 49 }), /50 to 99/],
    [
      Chunking.hierarchical({ parentTokens: 300, childTokens: 300 }),
      /childTokens is 300; allowed: a whole number, 1 to 299/,
    ],
    [Chunking.hierarchical({ overlapTokens: 300 }), /overlapTokens/],
  ])('are refused as Bedrock would refuse them (%#)', (chunking, message) => {
    expect(() => knowledgeFixture({ chunking })).toThrow(message);
  });

  it('of two levels are warned of in S3 Vectors, and refused where they cannot fit', () => {
    const { stack } = knowledgeFixture({ chunking: Chunking.hierarchical() });
    Annotations.fromStack(stack).hasWarning(
      '/Rag/Knowledge',
      Match.stringLikeRegexp('does not recommend hierarchical'),
    );
    expect(() => knowledgeFixture({ chunking: Chunking.hierarchical({ parentTokens: 8000 }) })).toThrow(/8300 tokens/);
    const open = knowledgeFixture({
      chunking: Chunking.hierarchical({ parentTokens: 8000 }),
      store: VectorStore.openSearchServerless(),
    });
    Annotations.fromStack(open.stack).hasNoWarning('*', Match.stringLikeRegexp('hierarchical'));
  });
});

it('refuses a prefix that is too long', () => {
  expect(() => knowledgeFixture({ prefix: 'x'.repeat(301) })).toThrow(/prefix is '301 characters'/);
});

it('gives no logical id to resources of two types, so that one store can take the place of another', () => {
  const types = (store: VectorStore) =>
    Object.entries(resourcesOf(knowledgeFixture({ store }).synthesize())).map(([id, { Type }]) => [id, Type] as const);
  const other = new Map(types(VectorStore.openSearchServerless()));
  const shared = types(VectorStore.s3Vectors()).filter(([id]) => other.has(id));
  expect(shared.length).toBeGreaterThan(3);
  for (const [id, type] of shared) expect([id, other.get(id)]).toEqual([id, type]);
});

it.each([
  { knowledgeBaseId: 'arn:aws:bedrock:eu-west-1:111111111111:knowledge-base/KB00000001', dataSourceId: 'DS00000001' },
  { knowledgeBaseId: 'KB00000001', dataSourceId: '' },
])('refuses an id that is none (%#)', (ids) => {
  const stack = new Stack(testApp(), 'Mine', { env: IRELAND });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'mine');
  expect(() => KnowledgeBase.fromKnowledgeBaseAttributes(stack, { ...ids, bucket })).toThrow(
    /allowed: an id: ten letters and digits/,
  );
});

it('takes a knowledge base of yours', () => {
  const stack = new Stack(testApp(), 'Mine', { env: IRELAND });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'mine');
  const { knowledgeBase, dataSource } = KnowledgeBase.fromKnowledgeBaseAttributes(stack, {
    knowledgeBaseId: 'KB00000001',
    dataSourceId: 'DS00000001',
    bucket,
  });
  expect(text(stack.resolve(knowledgeBase.knowledgeBaseArn))).toBe(
    'arn:aws:bedrock:eu-west-1:111111111111:knowledge-base/KB00000001',
  );
  expect(dataSource).toEqual({ dataSourceId: 'DS00000001', bucket });
});
