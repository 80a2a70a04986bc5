import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountModels, type AccountModelsOptions } from '../../../../local/aws/bedrock/account-models';
import { LocalBedrock } from '../../../../local/aws/bedrock/service';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { ownModels } from '../../../../patterns/genai-rag/local/start';

/** What stands for AWS here: the account, with a guardrail of its own. */
const account = new LocalBedrock({
  s3: new LocalS3(),
  guardrails: [{ id: 'ours', versions: ['3'], blockedInput: 'Not that.', blockedOutput: 'Not so.' }],
});
const asked: string[] = [];
const standIn = {
  call: (action: string) => {
    asked.push(action);
    return { standIn: true };
  },
};
let aws: LocalAws;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  aws = await startLocalAws({ bedrock: account });
  client = new BedrockRuntimeClient({
    region: 'eu-west-1',
    endpoint: aws.endpoint,
    credentials: { accessKeyId: 'mine', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

const QUESTION = {
  modelId: 'eu.amazon.nova-lite-v1:0',
  messages: [
    {
      role: 'user',
      content: [
        { guardContent: { text: { text: 'Lunch is served at noon each day.', qualifiers: ['grounding_source'] } } },
        { guardContent: { text: { text: 'When is lunch?', qualifiers: ['query'] } } },
      ],
    },
  ],
  guardrailConfig: { guardrailIdentifier: 'theirs', guardrailVersion: '1', streamProcessingMode: 'sync' },
};

async function ask(options: AccountModelsOptions = {}): Promise<string> {
  const models = new AccountModels(standIn, client, options);
  const { stream } = (await models.call('ConverseStream', structuredClone(QUESTION))) as {
    stream: AsyncIterable<Buffer>;
  };
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('latin1');
}

const words = (text: string) => [...text.matchAll(/"delta":\{"text":"(.*?)"\}/g)].map(([, word]) => word).join('');

describe('models of an account', () => {
  it("answer behind a guardrail of the account in place of the template's", async () => {
    const text = await ask({ guardrail: { id: 'ours', version: '3' }, modelId: 'eu.amazon.nova-micro-v1:0' });
    expect(words(text)).toBe('Lunch is served at noon each day. [1]');
    for (const event of ['messageStart', 'contentBlockDelta', 'messageStop', 'metadata']) expect(text).toContain(event);
    const { guardrailConfig, messages, modelId } = account.callsOf('ConverseStream').at(-1) ?? {};
    expect(modelId).toBe('eu.amazon.nova-micro-v1:0');
    expect(guardrailConfig).toEqual({
      guardrailIdentifier: 'ours',
      guardrailVersion: '3',
      streamProcessingMode: 'sync',
    });
    expect(messages).toEqual(QUESTION.messages);
  });

  it('answer without a guardrail what is marked for none', async () => {
    expect(words(await ask())).toBe('Lunch is served at noon each day. [1]');
    const { guardrailConfig, messages } = account.callsOf('ConverseStream').at(-1) ?? {};
    expect(guardrailConfig).toBeUndefined();
    const content = [{ text: 'Lunch is served at noon each day.' }, { text: 'When is lunch?' }];
    expect(messages).toEqual([{ role: 'user', content }]);
  });

  it('refuse as the account refuses, break off as it breaks off, and leave the rest to the stand-in', async () => {
    account.script({ fail: 'AccessDeniedException', message: 'You have no access to the model.' });
    await expect(ask()).rejects.toMatchObject({
      code: 'AccessDeniedException',
      status: 403,
      message: 'You have no access to the model.',
    });
    account.script({ streamError: { after: 1, type: 'throttlingException' } });
    expect(await ask()).toMatch(/:exception-type.*throttlingException/s);
    account.script({ dieAfter: 1 });
    await expect(ask()).rejects.toMatchObject({ name: 'ConnectionCut' });
    const models = new AccountModels(standIn, client, {});
    expect(await models.call('Retrieve', {})).toEqual({ standIn: true });
    expect(asked).toEqual(['Retrieve']);
  });
});

describe('--bedrock', () => {
  it('asks for a guardrail of the account, or to be told that there is none', async () => {
    await expect(ownModels({ bedrock: true })).rejects.toThrow(
      /guardrail of the template is not in your account: pass/,
    );
    await expect(ownModels({ bedrock: true, guardrail: 'ours:DRAFT' })).rejects.toThrow(
      /^--guardrail is <id>:<number of a version>, or none/,
    );
    await expect(ownModels({ guardrail: 'none' })).rejects.toThrow(/^--guardrail goes with --bedrock/);
    expect(await ownModels({})).toBeUndefined();
  });
});
