import { expect } from 'vitest';
import type { ContentBlock, ConverseInput, Message } from '../../../local/aws/bedrock/conversation';
import { checkConverse } from '../../../local/aws/bedrock/converse-request';
import { Guardrails } from '../../../local/aws/bedrock/guardrails';
import { LocalBedrock } from '../../../local/aws/bedrock/service';
import { LocalS3 } from '../../../local/aws/s3';
import { BEDROCK_RUNTIME_LIMITS, KNOWLEDGE_BASE_LIMITS } from '../../../local/limits/bedrock';
import type { Limit } from '../../../local/limits/limit';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const GUARDRAIL = { id: 'gr1', versions: ['1'], blockedInput: 'no', blockedOutput: 'no' };
const MODEL = 'amazon.nova-lite-v1:0';
const user = (...content: ContentBlock[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentBlock[]): Message => ({ role: 'assistant', content });
const ASK = user({ text: 'Why?' });
const tool = (changes: object = {}) => ({
  toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } }, ...changes },
});
const use = (toolUseId: string, name = 'weather') => assistant({ toolUse: { toolUseId, name, input: {} } });
const result = (toolUseId: string, more: object = {}) =>
  user({ toolResult: { toolUseId, content: [{ text: 'sun' }], ...more } });

function converse(input: Partial<ConverseInput>, models?: readonly string[]): void {
  const request = { modelId: MODEL, messages: [ASK], ...input };
  checkConverse(request, { contextTokens: 100, ...(models !== undefined && { models }) }, new Guardrails([GUARDRAIL]));
}

/** Which requests are refused with the limit's error, and which are not. */
async function sort(
  { error }: Limit,
  {
    good = [],
    bad,
  }: { readonly good?: readonly Partial<ConverseInput>[]; readonly bad: readonly Partial<ConverseInput>[] },
): Promise<void> {
  for (const [inputs, expected] of [
    [good, undefined],
    [bad, error],
  ] as const) {
    for (const input of inputs) expect([input, await outcome(() => converse(input))]).toEqual([input, expected]);
  }
}

const texts = (value: number, character = 'x') => character.repeat(Math.max(0, value));
const withTools = (toolConfig: ConverseInput['toolConfig'], ...messages: Message[]) => ({
  messages: [ASK, ...messages],
  toolConfig,
});
const TOOLS = { tools: [tool()] };
const guard = (changes: object = {}) => ({
  guardrailConfig: { guardrailIdentifier: 'gr1', guardrailVersion: '1', ...changes },
});
const inference = (inferenceConfig: NonNullable<ConverseInput['inferenceConfig']>) => ({ inferenceConfig });

testEachLimit(BEDROCK_RUNTIME_LIMITS, {
  modelId: async (limit) => {
    await onBothSides(limit, (length) => converse({ modelId: texts(length) }));
    await sort(limit, {
      good: [{ modelId: 'arn:aws:bedrock:eu-west-1::a/b_c.d-e' }],
      bad: [{ modelId: 'a b' }, { modelId: 'é' }],
    });
  },
  unknownModel: async ({ error }) => {
    expect(await outcome(() => converse({}, [MODEL]))).toBeUndefined();
    expect(await outcome(() => converse({}, ['other']))).toBe(error);
  },
  context: async (limit) => {
    await onBothSides({ ...limit, max: 100 }, (words) =>
      converse({ messages: [user({ text: 'w '.repeat(Math.max(1, words)) })] }),
    );
  },
  roles: (limit) =>
    sort(limit, {
      good: [{ messages: [ASK, assistant({ text: 'So.' }), ASK] }],
      bad: [
        { messages: [] },
        { messages: [assistant({ text: 'So.' })] },
        { messages: [ASK, ASK] },
        { messages: [ASK, assistant({ text: 'So.' })] },
        { messages: [{ role: 'system', content: [{ text: 'x' }] }] },
      ],
    }),
  content: (limit) =>
    onBothSides(limit, (blocks) =>
      converse({
        messages: [user(...Array.from({ length: Math.min(50, Math.max(0, blocks)) }, () => ({ text: 'x' })))],
      }),
    ),
  blockMembers: (limit) =>
    sort(limit, {
      bad: [{ messages: [user({})] }, { messages: [user({ text: 'x', guardContent: { text: { text: 'x' } } })] }],
    }),
  blankText: (limit) =>
    sort(limit, {
      good: [{ system: [{ text: '.' }] }],
      bad: [
        ...['', ' ', '\n\t ', '\u00a0'].map((text) => ({ messages: [user({ text })] })),
        { messages: [user({ guardContent: { text: { text: '' } } })] },
        { system: [{ text: ' ' }] },
        withTools(TOOLS, use('u1'), result('u1', { content: [{ text: '' }] })),
      ],
    }),
  qualifiers: (limit) => {
    const guarded = (qualifier: string) => ({
      messages: [user({ guardContent: { text: { text: 'x', qualifiers: [qualifier] } } })],
    });
    return sort(limit, {
      good: ['query', 'grounding_source', 'guard_content'].map(guarded),
      bad: ['other', ''].map(guarded),
    });
  },
  maxTokens: (limit) => onBothSides(limit, (maxTokens) => converse(inference({ maxTokens }))),
  temperature: async (limit) => {
    for (const name of ['temperature', 'topP'] as const) {
      const near = [0, 0.5, 1].map((value) => inference({ [name]: value }));
      await sort(limit, { good: near, bad: [-0.01, 1.01, 2, Number.NaN].map((value) => inference({ [name]: value })) });
    }
  },
  stopSequences: (limit) =>
    onBothSides(limit, (count) =>
      converse(inference({ stopSequences: Array.from({ length: Math.max(0, count) }, () => 'x') })),
    ),
  stopSequence: (limit) => onBothSides(limit, (length) => converse(inference({ stopSequences: ['x', texts(length)] }))),
  tools: (limit) =>
    onBothSides(limit, (count) =>
      converse(
        withTools(
          { tools: Array.from({ length: Math.max(0, count) }, (_, index) => tool({ name: `t${index}` })) },
          assistant({ text: 'x' }),
          ASK,
        ),
      ),
    ),
  toolName: async (limit) => {
    const named = (name: string) => ({ toolConfig: { tools: [tool({ name })] } });
    await onBothSides(limit, (length) => converse(named(texts(length))));
    await sort(limit, { good: [named('a-B_1')], bad: ['a b', 'a.b', 'é', 'a/b'].map(named) });
    await sort(limit, { bad: [withTools(TOOLS, use('u1', 'a b'), result('u1'))] });
  },
  toolDescription: (limit) =>
    onBothSides(limit, (length) => converse({ toolConfig: { tools: [tool({ description: texts(length) })] } })),
  toolSchema: (limit) => {
    const of = (inputSchema: unknown) => ({ toolConfig: { tools: [tool({ inputSchema })] } });
    return sort(limit, {
      good: [of({ json: { type: 'object', properties: {} } })],
      bad: [undefined, {}, { json: {} }, { json: { type: 'string' } }, { json: [] }].map(of),
    });
  },
  toolChoice: (limit) => {
    const choose = (toolChoice: unknown) => ({ toolConfig: { ...TOOLS, toolChoice } });
    return sort(limit, {
      good: [{ auto: {} }, { any: {} }, { tool: { name: 'weather' } }].map(choose),
      bad: [{}, { none: {} }, { auto: {}, any: {} }, { tool: { name: 'other' } }, { tool: {} }].map(choose),
    });
  },
  toolNames: (limit) => sort(limit, { bad: [{ toolConfig: { tools: [tool(), tool()] } }] }),
  toolConfig: (limit) =>
    sort(limit, {
      good: [withTools(TOOLS, use('u1'), result('u1'))],
      bad: [withTools(undefined, use('u1'), result('u1'))],
    }),
  toolUseId: async (limit) => {
    await onBothSides(limit, (length) => converse(withTools(TOOLS, use(texts(length)), result(texts(length)))));
    await sort(limit, { bad: ['a b', 'é', 'a.b'].map((id) => withTools(TOOLS, use(id), result(id))) });
  },
  toolRoles: (limit) =>
    sort(limit, {
      bad: [
        { messages: [user({ toolUse: { toolUseId: 'u1', name: 'weather' } })], toolConfig: TOOLS },
        withTools(TOOLS, assistant({ toolResult: { toolUseId: 'u1' } }), ASK),
      ],
    }),
  toolResults: (limit) =>
    sort(limit, {
      bad: [
        withTools(TOOLS, use('u1'), ASK),
        withTools(TOOLS, use('u1'), result('u2')),
        { messages: [result('u1')], toolConfig: TOOLS },
        withTools(TOOLS, assistant({ text: 'x' }), result('u1')),
      ],
    }),
  toolStatus: (limit) => {
    const told = (status: string) => withTools(TOOLS, use('u1'), result('u1', { status }));
    return sort(limit, { good: ['success', 'error'].map(told), bad: ['', 'ok', 'ERROR'].map(told) });
  },
  guardrailId: async (limit) => {
    await onBothSides(limit, (length) => {
      const find = new Guardrails().find({ guardrailIdentifier: texts(length), guardrailVersion: '1' });
      return find;
    });
    await sort(limit, {
      bad: ['GR1', 'gr-1', 'arn:aws:s3:::x'].map((guardrailIdentifier) => guard({ guardrailIdentifier })),
    });
  },
  guardrailVersion: (limit) =>
    sort(limit, {
      good: [guard(), guard({ guardrailVersion: 'DRAFT' })],
      bad: ['0', '01', '', 'draft', 'latest', '123456789'].map((guardrailVersion) => guard({ guardrailVersion })),
    }),
  guardrailMode: (limit) =>
    sort(limit, {
      good: [
        ...['enabled', 'disabled', 'enabled_full'].map((trace) => guard({ trace })),
        guard({ streamProcessingMode: 'async' }),
      ],
      bad: [guard({ trace: 'on' }), guard({ streamProcessingMode: 'none' })],
    }),
  unknownGuardrail: (limit) =>
    sort(limit, { bad: [guard({ guardrailIdentifier: 'other' }), guard({ guardrailVersion: '2' })] }),
});

const base = (index: number) => ({
  id: `KB0000000${index}`,
  dataSources: [{ id: `DS0000000${index}`, bucket: 'documents' }],
});

/** Knowledge bases on a clock of their own. */
function bases(count = 1, jobMs = 600_000) {
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  const s3 = new LocalS3(() => time.now);
  s3.createBucket('documents');
  const clock = { now: () => time.now, after: () => () => undefined };
  const bedrock = new LocalBedrock({
    s3,
    clock,
    jobMs,
    knowledgeBases: Array.from({ length: count }, (_, index) => base(index)),
  });
  const ids = (index = 0) => ({ knowledgeBaseId: base(index).id, dataSourceId: `DS0000000${index}` });
  const call = (action: string, input: object = {}, index = 0) => bedrock.call(action, { ...ids(index), ...input });
  const start = (input: object = {}, index = 0) => {
    time.now += 10_000;
    return call('StartIngestionJob', input, index);
  };
  const retrieve = (search: object = {}, text = 'why') =>
    bedrock.call('Retrieve', {
      knowledgeBaseId: base(0).id,
      retrievalQuery: { text },
      retrievalConfiguration: { vectorSearchConfiguration: search },
    });
  return { time, s3, bedrock, call, start, retrieve };
}

const equals = { equals: { key: 'a', value: 'x' } };

/** What a job says of a document and its metadata file of some bytes. */
async function ingested(document: number, metadata: number): Promise<string> {
  const { time, s3, start, call } = bases(1, 1000);
  const Bucket = 'documents';
  const head = '{"metadataAttributes":{"a":"';
  const description = `${head}${'x'.repeat(metadata - head.length - 3)}"}}`;
  s3.call('PutObject', { Bucket, Key: 'a.txt', Body: Buffer.alloc(document, 'word ') });
  s3.call('PutObject', { Bucket, Key: 'a.txt.metadata.json', Body: Buffer.from(description) });
  await start();
  time.now += 1000;
  const documentIdentifiers = [{ dataSourceType: 'S3', s3: { uri: 's3://documents/a.txt' } }];
  const { documentDetails } = await call('GetKnowledgeBaseDocuments', { documentIdentifiers });
  return String((documentDetails as { status: string }[])[0]?.status);
}

testEachLimit(KNOWLEDGE_BASE_LIMITS, {
  unknownBase: async ({ error }) => {
    const { bedrock, call } = bases();
    for (const action of ['StartIngestionJob', 'GetIngestionJob', 'ListIngestionJobs', 'GetKnowledgeBaseDocuments']) {
      expect(await outcome(() => bedrock.call(action, { knowledgeBaseId: 'KB99999999' }))).toBe(error);
    }
    expect(await outcome(() => call('ListIngestionJobs', { dataSourceId: 'DS99999999' }))).toBe(error);
    expect(await outcome(() => bedrock.call('Retrieve', { knowledgeBaseId: 'KB99999999' }))).toBe(error);
  },
  query: async (limit) => {
    await onBothSides(limit, (length) => bases().retrieve({}, texts(length)));
    await onBothSides(limit, (length) => bases().retrieve({}, texts(length, '\u{1f600}')));
    expect(await outcome(() => bases().retrieve({}, ' \n'))).toBe(limit.error);
  },
  results: async (limit) => {
    await onBothSides(limit, (numberOfResults) => bases().retrieve({ numberOfResults }));
    for (const numberOfResults of [1.5, '5', Number.NaN]) {
      expect(await outcome(() => bases().retrieve({ numberOfResults }))).toBe(limit.error);
    }
  },
  filterGroup: async (limit) => {
    for (const group of ['andAll', 'orAll']) {
      const of = (count: number) => ({ [group]: Array.from({ length: Math.max(0, count) }, () => equals) });
      await onBothSides(limit, (count) => bases().retrieve({ filter: of(count) }), { furthest: 20 });
    }
  },
  filterDepth: async ({ error }) => {
    const nested = (depth: number): object => (depth === 0 ? equals : { andAll: [nested(depth - 1), equals] });
    for (const [depth, expected] of [[0], [1], [2], [3, error], [4, error]] as [number, string | undefined][]) {
      expect(await outcome(() => bases().retrieve({ filter: nested(depth) }))).toBe(expected);
    }
  },
  filterKey: (limit) =>
    onBothSides(limit, (length) => bases().retrieve({ filter: { equals: { key: texts(length), value: 'x' } } })),
  filterShape: async ({ error }) => {
    const bad = [
      {},
      { ...equals, notEquals: equals.equals },
      { like: equals.equals },
      { equals: { key: 'a', value: {} } },
      { greaterThan: { key: 'a', value: '1' } },
      { in: { key: 'a', value: [] } },
      { startsWith: { key: 'a', value: 1 } },
    ];
    for (const filter of bad)
      expect([filter, await outcome(() => bases().retrieve({ filter }))]).toEqual([filter, error]);
    expect(await outcome(() => bases().retrieve({ filter: equals }))).toBeUndefined();
  },
  clientToken: async (limit) => {
    await onBothSides(limit, (length) => bases().start({ clientToken: texts(length) }));
    for (const sign of ['-', '_', ' ', 'é']) {
      expect(await outcome(() => bases().start({ clientToken: `${sign}${texts(40)}` }))).toBe(limit.error);
    }
    expect(await outcome(() => bases().start({ clientToken: `${texts(20)}-${texts(20)}` }))).toBeUndefined();
  },
  description: (limit) => onBothSides(limit, (length) => bases().start({ description: texts(length) })),
  runningOfBase: async ({ error }) => {
    const { time, start } = bases();
    expect(await outcome(() => start())).toBeUndefined();
    expect(await outcome(() => start())).toBe(error);
    time.now += 600_000;
    expect(await outcome(() => start())).toBeUndefined();
  },
  runningOfAccount: async ({ max, error }) => {
    const { time, start } = bases(max + 1);
    for (let index = 0; index < max; index += 1) expect(await outcome(() => start({}, index))).toBeUndefined();
    expect(await outcome(() => start({}, max))).toBe(error);
    time.now += 600_000;
    expect(await outcome(() => start({}, max))).toBeUndefined();
  },
  startSeconds: async (limit) => {
    await onBothSides(
      limit,
      async (seconds) => {
        const { time, call } = bases();
        await call('StartIngestionJob', { clientToken: texts(40) });
        time.now += Math.max(0, seconds) * 1000;
        await call('StartIngestionJob', { clientToken: texts(40) });
      },
      { furthest: 60 },
    );
  },
  listed: (limit) => onBothSides(limit, (maxResults) => bases().call('ListIngestionJobs', { maxResults })),
  documents: (limit) => {
    const identifier = { dataSourceType: 'S3', s3: { uri: 's3://documents/a.txt' } };
    const of = (count: number) => Array.from({ length: Math.max(0, count) }, () => identifier);
    return onBothSides(
      limit,
      (count) => bases().call('GetKnowledgeBaseDocuments', { documentIdentifiers: of(count) }),
      { furthest: 50 },
    );
  },
  documentBytes: async ({ max }) => {
    expect(await ingested(max, 100)).toBe('INDEXED');
    expect(await ingested(max + 1, 100)).toBe('IGNORED');
  },
  metadataBytes: async ({ max }) => {
    expect(await ingested(10, max)).toBe('INDEXED');
    expect(await ingested(10, max + 1)).toBe('FAILED');
  },
});
