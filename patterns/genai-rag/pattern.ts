import { MAIL_FROM, type Pattern, REGION_FOR_SYNTH, withEdgeStack } from '../pattern';

/** The GenAI application that answers from documents. */
export const genAiRag: Pattern = {
  name: 'genai-rag',
  stack: 'GenAiRag',
  contextKeys: {
    mailFrom: MAIL_FROM,
    vectorStore: { shape: /^(s3-vectors|opensearch)$/, allowed: 's3-vectors or opensearch' },
  },
  stacks: (context) => withEdgeStack(['GenAiRag'], 'GenAiRag', context),
  addStacks: async (app, { stage, alarmEmail, env, stackName, options: { vectorStore, mailFrom } }) => {
    const { GenAiRagStack } = await import('./genai-rag-stack.js');
    const { VectorStore } = await import('../../lib/ai/vector-store.js');
    const stores = {
      's3-vectors': () => VectorStore.s3Vectors(),
      opensearch: () => VectorStore.openSearchServerless(),
    };
    const chosen = vectorStore === 's3-vectors' || vectorStore === 'opensearch' ? stores[vectorStore]() : undefined;
    new GenAiRagStack(app, 'GenAiRag', {
      stackName: stackName('GenAiRag'),
      stage,
      alarmEmail,
      env: { ...env, region: env.region ?? REGION_FOR_SYNTH },
      mailFrom,
      knowledge: { vectorStore: chosen },
    });
  },
  // Its site and CloudFront's own part in one stack.
  local: { context: { region: REGION_FOR_SYNTH } },
};
