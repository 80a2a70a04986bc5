import { isRecord } from './input';

/** A message attribute as SQS and SNS have it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as JSON and the Query protocol carry it. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Names of attributes: a period stands alone and inside, and AWS's prefixes are AWS's. */
export const ATTRIBUTE_NAME = /^(?!aws\.|amazon\.)[\w-]+(?:\.[\w-]+)*$/i;

/** Ids of groups and of deduplication: ASCII letters, digits and punctuation. */
export const ID_CHARACTERS = /^[!-~]*$/;

/** Characters that XML 1.0 has not, which SQS refuses. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Whether a text has a control character, a lone surrogate, U+FFFE or U+FFFF. */
export function hasInvalidCharacter(text: string): boolean {
  return NO_CHARACTER.test(text);
}

/** Names, types and values in bytes, as both services count them. */
export function attributesBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

/** Whether the value is there, and is what the type says. */
export function hasValue({ DataType, StringValue, BinaryValue }: MessageAttribute): boolean {
  const [type] = DataType.split('.');
  if (type === 'Binary') return (BinaryValue ?? '') !== '' && StringValue === undefined;
  if (StringValue === undefined || StringValue === '' || BinaryValue !== undefined) return false;
  return type !== 'Number' || /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(StringValue);
}

/** Reads message attributes; what is none of either service's has no DataType. */
export function messageAttributes(value: unknown): MessageAttributes {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).map(([name, attribute]) => {
    const { DataType, StringValue, BinaryValue } = isRecord(attribute) ? attribute : {};
    return [
      name,
      {
        DataType: typeof DataType === 'string' ? DataType : '',
        ...(typeof StringValue === 'string' && { StringValue }),
        ...(typeof BinaryValue === 'string' && { BinaryValue }),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}
