/** A part of a message (AWS: Bedrock, ContentBlock), as far as it is played. */
export interface ContentBlock {
  readonly text?: string;
  readonly guardContent?: { readonly text?: { readonly text?: string; readonly qualifiers?: readonly string[] } };
  readonly toolUse?: { readonly toolUseId?: string; readonly name?: string; readonly input?: unknown };
  readonly toolResult?: {
    readonly toolUseId?: string;
    readonly content?: readonly unknown[];
    readonly status?: string;
  };
}

/** One side's turn. */
export interface Message {
  readonly role?: string;
  readonly content?: readonly ContentBlock[];
}

/** A tool that a model may ask for. */
export interface ToolSpec {
  readonly name?: string;
  readonly description?: string;
  readonly inputSchema?: unknown;
}

/** What Converse and ConverseStream are asked with. */
export interface ConverseInput {
  readonly modelId: string;
  readonly messages?: readonly Message[];
  readonly system?: readonly ContentBlock[];
  readonly inferenceConfig?: {
    readonly maxTokens?: number;
    readonly temperature?: number;
    readonly topP?: number;
    readonly stopSequences?: readonly string[];
  };
  readonly toolConfig?: {
    readonly tools?: readonly { readonly toolSpec?: ToolSpec }[];
    readonly toolChoice?: unknown;
  };
  readonly guardrailConfig?: {
    readonly guardrailIdentifier?: string;
    readonly guardrailVersion?: string;
    readonly trace?: string;
    readonly streamProcessingMode?: string;
  };
}

/** The words of a block, whatever it is; undefined for one that has none. */
export function textOf(block: ContentBlock): string | undefined {
  return block.text ?? block.guardContent?.text?.text;
}

/** Every word of a request: what the tokens are counted by. */
export function wordsOf({ messages = [], system = [] }: ConverseInput): number {
  const blocks = [...system, ...messages.flatMap(({ content = [] }) => content)];
  return blocks.reduce((sum, block) => sum + countWords(textOf(block) ?? JSON.stringify(block)), 0);
}

/** A word is a token here. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** A text as the model streams it: word by word, with the space before each. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
