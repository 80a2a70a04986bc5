import {
  type BedrockRuntimeClient,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { AwsError, type LocalInput, type LocalService } from '../service';
import { ConnectionCut } from './errors';
import { encodeEvent, encodeException } from './event-stream';

/** A guardrail of the account, with a numbered version. */
export interface AccountGuardrail {
  readonly id: string;
  readonly version: string;
}

/** How models of an account are asked. */
export interface AccountModelsOptions {
  /** Stands in place of the request's own, which the account does not have. @default - none */
  readonly guardrail?: AccountGuardrail;
  /** Stands in place of the request's own, which is of another region. @default - the request's */
  readonly modelId?: string;
}

type Request = ConstructorParameters<typeof ConverseStreamCommand>[0];
type Content = NonNullable<NonNullable<Request['messages']>[number]['content']>;

/** Has models of a real account answer what handlers ask by ConverseStream; all the rest is answered by what stands in. */
export class AccountModels implements LocalService {
  /** @param standIn answers what is not asked of a model */
  constructor(
    private readonly standIn: LocalService,
    private readonly client: Pick<BedrockRuntimeClient, 'send'>,
    private readonly options: AccountModelsOptions,
  ) {}

  async call(action: string, input: LocalInput): Promise<LocalInput> {
    if (action !== 'ConverseStream') return this.standIn.call(action, input);
    try {
      const { stream } = await this.client.send(new ConverseStreamCommand(this.request(input as unknown as Request)));
      return { stream: encoded(stream ?? []) };
    } catch (error) {
      throw asAnswer(error);
    }
  }

  private request({ guardrailConfig, messages = [], ...asked }: Request): Request {
    const { guardrail, modelId = asked.modelId } = this.options;
    const request = { ...asked, modelId };
    if (guardrail !== undefined) {
      const { id: guardrailIdentifier, version: guardrailVersion } = guardrail;
      return { ...request, messages, guardrailConfig: { ...guardrailConfig, guardrailIdentifier, guardrailVersion } };
    }
    // No one is to look at what is marked for a guardrail.
    const plain = messages.map(({ content = [], ...message }) => ({ ...message, content: unmarked(content) }));
    return { ...request, messages: plain };
  }
}

function unmarked(content: Content): Content {
  return content.map((block) => {
    const text = block.guardContent?.text?.text;
    return text === undefined ? block : { text };
  });
}

async function* encoded(events: AsyncIterable<ConverseStreamOutput> | readonly ConverseStreamOutput[]) {
  try {
    for await (const event of events) {
      for (const [type, content] of Object.entries(event)) yield encodeEvent(type, content);
    }
  } catch (error) {
    const { name, message } = error as Error;
    if (!name.endsWith('Exception')) throw new ConnectionCut(message);
    yield encodeException(`${name.charAt(0).toLowerCase()}${name.slice(1)}`, message);
  }
}

/** What went wrong in the account, as its service says it; without credentials no one was asked. */
function asAnswer(error: unknown): Error {
  const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (name.endsWith('Exception')) return new AwsError(name, message, $metadata?.httpStatusCode ?? 400);
  if (name === 'CredentialsProviderError') return new AwsError('AccessDeniedException', message, 403);
  return new ConnectionCut(message);
}
