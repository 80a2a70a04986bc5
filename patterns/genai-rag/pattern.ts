import {
  MAIL_DOMAINS,
  MAIL_FROM,
  MFA,
  mfaFrom,
  type Pattern,
  REGION_FOR_SYNTH,
  signUpFrom,
  withEdgeStack,
} from '../pattern';

/** The GenAI application that answers from documents. */
export const genAiRag: Pattern = {
  name: 'genai-rag',
  stack: 'GenAiRag',
  contextKeys: {
    mailFrom: MAIL_FROM,
    mailDomains: MAIL_DOMAINS,
    mfa: MFA,
    vectorStore: {
      shape: /^(s3-vectors|opensearch|opensearch-nextgen)$/,
      allowed: 's3-vectors, opensearch or opensearch-nextgen',
    },
    model: {
      shape: /^[a-z0-9-]+(\.[a-z0-9-]+)+(:[a-z0-9]+){0,2}$/,
      allowed: 'the id of a model or of an inference profile of AWS, such as global.amazon.nova-2-lite-v1:0',
    },
    guardrailTier: { shape: /^(classic|standard)$/, allowed: 'classic or standard' },
  },
  stacks: (context) => withEdgeStack(['GenAiRag'], 'GenAiRag', context),
  addStacks: async (app, { stage, alarmEmail, env, stackName, options }) => {
    const { vectorStore, model, guardrailTier, mailFrom, mailDomains, mfa } = options;
    const { GenAiRagStack } = await import('./genai-rag-stack.js');
    const { GenerationModel } = await import('../../lib/ai/generation-model.js');
    const { VectorStore } = await import('../../lib/ai/vector-store.js');
    const stores: Readonly<Record<string, () => InstanceType<typeof VectorStore>>> = {
      's3-vectors': () => VectorStore.s3Vectors(),
      opensearch: () => VectorStore.openSearchServerless(),
      'opensearch-nextgen': () => VectorStore.openSearchServerless({ generation: 'NEXTGEN' }),
    };
    new GenAiRagStack(app, 'GenAiRag', {
      stackName: stackName('GenAiRag'),
      stage,
      alarmEmail,
      env: { ...env, region: env.region ?? REGION_FOR_SYNTH },
      mailFrom,
      ...signUpFrom(mailDomains),
      mfa: await mfaFrom(mfa),
      knowledge: { vectorStore: vectorStore === undefined ? undefined : stores[vectorStore]?.() },
      answers: {
        model: model === undefined ? undefined : GenerationModel.ofId(model),
        ...((guardrailTier === 'classic' || guardrailTier === 'standard') && { guardrail: { tier: guardrailTier } }),
      },
    });
  },
  firstRequest: async () => (await import('./try/first-answer.js')).firstAnswer,
  // Its site and CloudFront's own part in one stack.
  local: { context: { region: REGION_FOR_SYNTH } },
};
