import {
  type BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { type RetrievalFilter, RetrieveCommand } from '@aws-sdk/client-bedrock-agent-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BedrockFixture, BUCKET, DATA_SOURCE, found, KNOWLEDGE_BASE, startJob } from './bedrock-fixture';

const S3_VECTORS = 'KB00000002';
const SECOND_SOURCE = 'DS00000002';
const fixture = new BedrockFixture({
  knowledgeBases: [
    { id: KNOWLEDGE_BASE, dataSources: [{ id: DATA_SOURCE, bucket: BUCKET }] },
    { id: S3_VECTORS, store: 'S3_VECTORS', dataSources: [{ id: SECOND_SOURCE, bucket: BUCKET }] },
  ],
});
beforeAll(async () => {
  await fixture.start();
  fixture.put('a.md', 'Text one: apples and pears.', {
    tenant: 't-a',
    year: 2020,
    draft: true,
    tags: ['fruit', 'food'],
  });
  fixture.put('b.md', 'Text two: apples, apples, apples.', { tenant: 't-b', year: 2024, draft: false });
  fixture.put('c.md', 'Text three: nothing of the kind.');
  const typed = { value: { type: 'STRING', stringValue: 't-d' }, includeForEmbedding: true };
  fixture.put('d.html', '<style>apples {}</style><p>Text four: <b>pears</b> alone.</p>', { tenant: typed });
  await startJob(fixture.agent());
});
afterAll(() => fixture.stop());

/** First words of what is found for a word that is in every document. */
const matching = async (filter: RetrievalFilter) => {
  const texts = await found(fixture.agentRuntime(), 'text', filter, 100);
  return texts.map((text) => /Text (\w+)/.exec(text)?.[1]).sort();
};
const all = ['four', 'one', 'three', 'two'];

describe('a filter', () => {
  it.each<[string, RetrievalFilter, string[]]>([
    ['equals', { equals: { key: 'tenant', value: 't-a' } }, ['one']],
    ['equals, a typed value', { equals: { key: 'tenant', value: 't-d' } }, ['four']],
    ['equals, a boolean', { equals: { key: 'draft', value: false } }, ['two']],
    ['equals, another type', { equals: { key: 'year', value: '2020' } }, []],
    ['equals, no such key', { equals: { key: 'owner', value: 't-a' } }, []],
    [
      'notEquals, which a missing key matches',
      { notEquals: { key: 'tenant', value: 't-a' } },
      ['four', 'three', 'two'],
    ],
    ['in', { in: { key: 'tenant', value: ['t-a', 't-b'] } }, ['one', 'two']],
    ['notIn, which a missing key matches', { notIn: { key: 'tenant', value: ['t-a', 't-b'] } }, ['four', 'three']],
    ['greaterThan', { greaterThan: { key: 'year', value: 2020 } }, ['two']],
    ['greaterThanOrEquals', { greaterThanOrEquals: { key: 'year', value: 2020 } }, ['one', 'two']],
    ['lessThan', { lessThan: { key: 'year', value: 2024 } }, ['one']],
    ['lessThanOrEquals', { lessThanOrEquals: { key: 'year', value: 2024 } }, ['one', 'two']],
    ['startsWith', { startsWith: { key: 'tenant', value: 't-' } }, ['four', 'one', 'two']],
    ['listContains', { listContains: { key: 'tags', value: 'food' } }, ['one']],
    ['stringContains', { stringContains: { key: 'tenant', value: '-b' } }, ['two']],
    [
      'orAll in andAll',
      {
        andAll: [
          { equals: { key: 'draft', value: true } },
          { orAll: [{ equals: { key: 'tenant', value: 't-a' } }, { equals: { key: 'tenant', value: 't-b' } }] },
        ],
      },
      ['one'],
    ],
    [
      'orAll',
      { orAll: [{ equals: { key: 'tenant', value: 't-a' } }, { equals: { key: 'year', value: 2024 } }] },
      ['one', 'two'],
    ],
  ])('%s', async (_, filter, texts) => {
    expect(await matching(filter)).toEqual(texts);
  });

  it.each<[string, RetrievalFilter]>([
    ['of one filter in a group', { andAll: [{ equals: { key: 'a', value: 'b' } }] }],
    ['of six filters in a group', { orAll: Array(6).fill({ equals: { key: 'a', value: 'b' } }) }],
    ['of no key', { equals: { key: '', value: 'b' } }],
    ['that compares text', { greaterThan: { key: 'year', value: '2020' } }],
    ['in no list', { in: { key: 'a', value: 'b' } }],
    ['of an empty list', { in: { key: 'a', value: [] } }],
    [
      'of two operators',
      { equals: { key: 'a', value: 'b' }, in: { key: 'a', value: ['b'] } } as unknown as RetrievalFilter,
    ],
  ])('%s is refused', async (_, filter) => {
    await expect(matching(filter)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is for OpenSearch alone where S3 Vectors cannot do it', async () => {
    const filter = { startsWith: { key: 'tenant', value: 't-' } };
    const ask = (vectorSearchConfiguration: object) =>
      fixture.agentRuntime().send(
        new RetrieveCommand({
          knowledgeBaseId: S3_VECTORS,
          retrievalQuery: { text: 'apples' },
          retrievalConfiguration: { vectorSearchConfiguration },
        }),
      );
    await expect(ask({ filter })).rejects.toThrow('S3_VECTORS');
    await expect(ask({ overrideSearchType: 'HYBRID' })).rejects.toThrow('HYBRID');
    await expect(ask({ overrideSearchType: 'SEMANTIC' })).resolves.toMatchObject({ retrievalResults: [] });
  });
});

describe('a question', () => {
  const retrieve = (text: string, vectorSearchConfiguration = {}) =>
    fixture.agentRuntime().send(
      new RetrieveCommand({
        knowledgeBaseId: KNOWLEDGE_BASE,
        retrievalQuery: { text },
        retrievalConfiguration: { vectorSearchConfiguration },
      }),
    );

  it('finds passages with where they are from, the best first', async () => {
    const { retrievalResults = [] } = await retrieve('Which apple?');
    expect(retrievalResults.map(({ location }) => location?.s3Location?.uri)).toEqual([
      `s3://${BUCKET}/b.md`,
      `s3://${BUCKET}/a.md`,
    ]);
    const [best, next] = retrievalResults;
    expect(best).toMatchObject({
      content: { type: 'TEXT', text: 'Text two: apples, apples, apples.' },
      location: { type: 'S3' },
      metadata: { tenant: 't-b', year: 2024, draft: false, 'x-amz-bedrock-kb-source-uri': `s3://${BUCKET}/b.md` },
    });
    expect(best?.score).toBeGreaterThan(next?.score ?? 1);
    expect(best?.score).toBeLessThan(1);
  });

  it('finds as many as it asks for', async () => {
    expect((await retrieve('text')).retrievalResults).toHaveLength(all.length);
    expect((await retrieve('text', { numberOfResults: 2 })).retrievalResults).toHaveLength(2);
    for (const numberOfResults of [0, 101, 1.5])
      await expect(retrieve('text', { numberOfResults })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('has up to 1,000 characters, whatever they are', async () => {
    await expect(retrieve('🍏'.repeat(1000))).resolves.toBeDefined();
    for (const text of ['a'.repeat(1001), '', ' '])
      await expect(retrieve(text)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is refused by name for what is not played', async () => {
    await expect(retrieve('text', { implicitFilterConfiguration: {} })).rejects.toThrow('implicitFilterConfiguration');
  });

  it('to a knowledge base that is not there is refused', async () => {
    const command = new RetrieveCommand({ knowledgeBaseId: 'KB00000099', retrievalQuery: { text: 'text' } });
    await expect(fixture.agentRuntime().send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

it('keeps the configuration of invocation logs', async () => {
  const client: BedrockClient = fixture.control();
  const get = async () => (await client.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig;
  const loggingConfig = {
    cloudWatchConfig: { logGroupName: 'models', roleArn: 'arn:aws:iam::111122223333:role/logs' },
  };
  expect(await get()).toBeUndefined();
  await client.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));
  expect(await get()).toEqual(loggingConfig);
  await client.send(new DeleteModelInvocationLoggingConfigurationCommand({}));
  expect(await get()).toBeUndefined();
  const nowhere = new PutModelInvocationLoggingConfigurationCommand({ loggingConfig: {} });
  await expect(client.send(nowhere)).rejects.toMatchObject({ name: 'ValidationException' });
});
