import { CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DataKey, stages } from '../../../lib';
import { KnowledgeBase } from '../../../lib/ai/knowledge-base';
import { VectorStore } from '../../../lib/ai/vector-store';
import { resourcesOf, testApp } from '../../synthesize';
import { CreationOrder } from './creation-order-fixture';
import { IRELAND, knowledgeFixture, only, text } from './knowledge-fixture';

const nextgen = knowledgeFixture({ store: VectorStore.openSearchServerless({ generation: 'NEXTGEN' }) });
const template = nextgen.synthesize();
const COLLECTION = 'AWS::OpenSearchServerless::Collection';
const SECURITY = 'AWS::OpenSearchServerless::SecurityPolicy';

const policyOf = (type: string, kind?: string) =>
  JSON.parse(
    text(
      Object.values(resourcesOf(template, type)).find(
        ({ Properties }) => kind === undefined || Properties['Type'] === kind,
      )?.Properties['Policy'],
    ),
  ) as unknown;

describe('a knowledge base in OpenSearch Serverless', () => {
  it('is made in an order in which each finds what it needs, and goes the other way round', () => {
    const order = new CreationOrder(template);
    const is = (kind: string) => (properties: Record<string, unknown>) => properties['Type'] === kind;
    const encryption = order.of(SECURITY, is('encryption'));
    const network = order.of(SECURITY, is('network'));
    const data = order.of('AWS::OpenSearchServerless::AccessPolicy');
    const group = order.of('AWS::OpenSearchServerless::CollectionGroup');
    const collection = order.of(COLLECTION);
    const index = order.of('AWS::OpenSearchServerless::Index');
    const role = order.of('AWS::IAM::Policy', (_, id) => id.startsWith('KnowledgeRoleDefaultPolicy'));
    const base = order.of('AWS::Bedrock::KnowledgeBase');
    const source = order.of('AWS::Bedrock::DataSource');
    expect(
      order.missing([
        [encryption, collection],
        [network, collection],
        [data, collection],
        [group, collection],
        [collection, index],
        [data, index],
        [network, index],
        [index, base],
        [data, base],
        [network, base],
        [role, base],
        [base, source],
        [index, source],
        [data, source],
        [network, source],
        [role, source],
      ]),
    ).toEqual([]);
  });

  it('is reached by Bedrock and by what makes its index, never from the internet (rag-vector-store-private)', () => {
    expect(policyOf(SECURITY, 'network')).toEqual([
      {
        Rules: [{ ResourceType: 'collection', Resource: [expect.stringMatching(/^collection\/vectors-/)] }],
        AllowFromPublic: false,
        SourceServices: ['bedrock.amazonaws.com', 'aoss.amazonaws.com'],
      },
    ]);
    const vpce = knowledgeFixture({
      store: VectorStore.openSearchServerless({ vpcEndpointIds: ['vpce-1'] }),
    }).synthesize();
    const policies = Object.values(resourcesOf(vpce, SECURITY)).map(({ Properties }) => text(Properties['Policy']));
    expect(policies.find((policy) => policy.includes('AllowFromPublic'))).toContain('"SourceVPCEs":["vpce-1"]');
  });

  it('is encrypted with our key', () => {
    expect(policyOf(SECURITY, 'encryption')).toMatchObject({
      AWSOwnedKey: false,
      KmsARN: expect.stringMatching(/^<Key.*Arn>$/),
    });
  });

  it('names two roles and what each may do: documents for one, the index for the other', () => {
    const [reader, deployer] = policyOf('AWS::OpenSearchServerless::AccessPolicy') as {
      Rules: { Permission: string[]; ResourceType: string }[];
      Principal: string[];
    }[];
    expect(reader?.Principal).toEqual([expect.stringMatching(/^<KnowledgeRole.*Arn>$/)]);
    expect(reader?.Rules.flatMap(({ Permission }) => Permission)).toEqual([
      'aoss:DescribeIndex',
      'aoss:ReadDocument',
      'aoss:WriteDocument',
    ]);
    expect(deployer?.Principal).toEqual([
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
      'arn:${AWS::Partition}:iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1',
    ]);
    expect(deployer?.Rules.flatMap(({ Permission }) => Permission)).not.toContain('aoss:ReadDocument');
    expect(deployer?.Rules.flatMap(({ Permission }) => Permission)).toContain('aoss:CreateIndex');
  });

  it('scales to nothing and has a bound (rag-vector-store-cost)', () => {
    const group = only(template, 'AWS::OpenSearchServerless::CollectionGroup').Properties;
    expect(group).toMatchObject({
      Generation: 'NEXTGEN',
      StandbyReplicas: 'ENABLED',
      CapacityLimits: {
        MinIndexingCapacityInOcu: 0,
        MinSearchCapacityInOcu: 0,
        MaxIndexingCapacityInOcu: 4,
        MaxSearchCapacityInOcu: 4,
      },
    });
    const { CollectionGroupName, Name } = only(template, COLLECTION).Properties;
    expect([text(CollectionGroupName), text(Name)]).toEqual([text(group['Name']), text(group['Name'])]);
    Annotations.fromStack(nextgen.stack).hasInfo(
      '/Rag/Knowledge',
      Match.stringLikeRegexp('NEXTGEN, costs \\$0\\.00 a month'),
    );
  });

  it('has a name of 3 to 28 characters: 8 of them are known at deployment', () => {
    const name = text(only(template, COLLECTION).Properties['Name']).replace('<part>', 'xxxxxxxx');
    expect(name).toMatch(/^[a-z][a-z0-9-]{2,27}$/);
  });

  it('finds by Faiss, without saying so to a generation that knows nothing else', () => {
    const { Mappings, Settings } = only(template, 'AWS::OpenSearchServerless::Index').Properties as {
      Mappings: { Properties: Record<string, unknown> };
      Settings: unknown;
    };
    expect(Settings).toEqual({ Index: { Knn: true } });
    expect(Mappings.Properties).toEqual({
      vector: { Type: 'knn_vector', Dimension: 1024 },
      text: { Type: 'text', Index: true },
      metadata: { Type: 'text', Index: false },
    });
    const classic = knowledgeFixture({ store: VectorStore.openSearchServerless() });
    expect(only(classic.synthesize(), 'AWS::OpenSearchServerless::Index').Properties).toMatchObject({
      Mappings: { Properties: { vector: { Method: { Engine: 'faiss', Name: 'hnsw', SpaceType: 'l2' } } } },
    });
  });

  it('tells Bedrock of the fields that the index has', () => {
    const { StorageConfiguration } = only(template, 'AWS::Bedrock::KnowledgeBase').Properties as {
      StorageConfiguration: { OpensearchServerlessConfiguration: Record<string, unknown> };
    };
    const { IndexName } = only(template, 'AWS::OpenSearchServerless::Index').Properties;
    expect(StorageConfiguration.OpensearchServerlessConfiguration).toMatchObject({
      VectorIndexName: IndexName,
      FieldMapping: { VectorField: 'vector', TextField: 'text', MetadataField: 'metadata' },
    });
  });

  it('is of the classic generation where nothing else is said', () => {
    const stage = 'prod';
    const [silent, said] = [{}, { generation: 'CLASSIC' } as const].map((options) =>
      knowledgeFixture({ store: VectorStore.openSearchServerless(options), stage })
        .synthesize()
        .toJSON(),
    );
    expect(silent).toEqual(said);
    const { Resources } = silent as { Resources: Record<string, { Type: string; Properties: object }> };
    const group = Object.values(Resources).find(({ Type }) => Type === 'AWS::OpenSearchServerless::CollectionGroup');
    expect(group?.Properties).toMatchObject({
      Generation: 'CLASSIC',
      StandbyReplicas: 'ENABLED',
      CapacityLimits: { MaxIndexingCapacityInOcu: 4, MaxSearchCapacityInOcu: 4 },
    });
  });

  it.each([
    [{}, 'dev', '175.20', '350.40'],
    [{}, 'prod', '350.40', '350.40'],
    [{ generation: 'CLASSIC', standbyReplicas: true }, 'dev', '350.40', '350.40'],
    [{ standbyReplicas: false }, 'prod', '175.20', '175.20'],
  ] as const)('tells what classic costs a month with %o in %s: $%s', (options, stage, floor, atMost) => {
    const store = VectorStore.openSearchServerless(options);
    expect(store.monthlyFloor.toFixed(2)).toBe(atMost);
    const { stack } = knowledgeFixture({ store, stage });
    const price = `\\$${floor.replace('.', '\\.')} a month`;
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(`CLASSIC.*${price}.*rag-vector-store-cost`));
    Annotations.fromStack(stack).hasInfo('/Rag/Knowledge', Match.stringLikeRegexp(`CLASSIC, costs ${price}`));
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('403'));
  });

  it('warns of NEXTGEN, which no one has seen answer, and of no price', () => {
    const { stack } = nextgen;
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('NEXTGEN.*Retrieve returns 403.*10 to 30 seconds.*rag-knowledge-base'),
    );
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('a month'));
    const awake = VectorStore.openSearchServerless({ generation: 'NEXTGEN', minCapacity: 2 });
    expect(awake.monthlyFloor.toFixed(2)).toBe('350.40');
  });

  it.each([
    [{ maxCapacity: 3 }, /maxCapacity is 3; allowed: 2, 4, 8, 16 or a multiple of 16/],
    [{ maxCapacity: 0 }, /maxCapacity is 0/],
    [{ generation: 'NEXTGEN', minCapacity: 8 }, /minCapacity is 8.*at most maxCapacity \(4\)/],
    [{ generation: 'NEXTGEN', standbyReplicas: false }, /standbyReplicas is false/],
    [{ minCapacity: 2 }, /0 with CLASSIC/],
    [{ deploymentRoleArn: 'arn:aws:iam::111111111111:role/*' }, /deploymentRoleArn/],
  ] as const)('refuses %o', (options, message) => {
    expect(() => knowledgeFixture({ store: VectorStore.openSearchServerless(options) })).toThrow(message);
  });

  it('asks for the deploying role where the synthesizer does not say', () => {
    const build = (deploymentRoleArn?: string) => {
      const synthesizer = new CliCredentialsStackSynthesizer();
      const stack = new Stack(testApp(), 'Rag', { env: IRELAND, synthesizer });
      const stage = stages.dev;
      const { key } = new DataKey(stack, 'Key', { stage, description: 'Documents' });
      const vectorStore = VectorStore.openSearchServerless({ deploymentRoleArn });
      return new KnowledgeBase(stack, 'Knowledge', { stage, encryptionKey: key, vectorStore });
    };
    expect(() => build()).toThrow(/deploymentRoleArn is 'not given'/);
    expect(() => build('arn:aws:iam::111111111111:role/deploy')).not.toThrow();
  });
});
