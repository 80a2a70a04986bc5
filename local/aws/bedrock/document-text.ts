import { KNOWLEDGE_BASE_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import { isRecord } from '../input';
import type { Metadata, MetadataValue } from './metadata-filter';

/** Formats that a knowledge base takes, by the end of the key (AWS: Bedrock, knowledge base data prerequisites). */
const TEXT = ['txt', 'md', 'html', 'csv'];
const BINARY = ['pdf', 'doc', 'docx', 'xls', 'xlsx'];
const { documentBytes, metadataBytes } = KNOWLEDGE_BASE_LIMITS.rows;
/** Words of a chunk, which are about the 300 tokens of Bedrock's default. */
const CHUNK_WORDS = 220;
/** What a document's metadata file is called after. */
export const METADATA_SUFFIX = '.metadata.json';

/** Why a document is not found, or not wholly (AWS: Bedrock, DocumentStatus). */
export interface DocumentFailure {
  readonly reason: string;
  readonly status: 'FAILED' | 'IGNORED' | 'PARTIALLY_INDEXED' | 'METADATA_PARTIALLY_INDEXED' | 'METADATA_UPDATE_FAILED';
}

/** A document that could not be ingested. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  constructor(
    message: string,
    /** IGNORED for its format or size, FAILED for its content. */
    readonly status: DocumentFailure['status'] = 'FAILED',
  ) {
    super(message);
  }
}

/**
 * Text of a document in chunks. Formats that are text are read; of the others nothing but their name is found.
 *
 * @throws Unreadable for what a knowledge base does not take
 */
export function chunksOf(key: string, content: Buffer): string[] {
  const format = key.split('.').pop()?.toLowerCase() ?? '';
  if (![...TEXT, ...BINARY].includes(format))
    throw new Unreadable(`The file format was not supported: ${format}`, 'IGNORED');
  if (exceeds(documentBytes, content.length))
    throw new Unreadable('The file size exceeds the limit of 50 MB.', 'IGNORED');
  if (content.length === 0) throw new Unreadable('The file is empty.');
  if (BINARY.includes(format)) return [key.split('/').pop() ?? key];
  const raw = content.toString('utf8');
  const text = format === 'html' ? raw.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]+>/g, ' ') : raw;
  const chunks = paragraphs(text);
  if (chunks.length === 0) throw new Unreadable('The file has no text.');
  return chunks;
}

/** Whole paragraphs together while they fit; a long one is cut between words. */
function paragraphs(text: string): string[] {
  const chunks: string[] = [];
  let [chunk, words] = ['', 0];
  const close = () => {
    if (chunk.trim() !== '') chunks.push(chunk.trim());
    [chunk, words] = ['', 0];
  };
  for (const paragraph of text.split(/\n\s*\n/)) {
    const parts = paragraph.match(/\S+\s*/g) ?? [];
    for (let from = 0; from < parts.length; from += CHUNK_WORDS) {
      const piece = parts.slice(from, from + CHUNK_WORDS);
      if (words + piece.length > CHUNK_WORDS) close();
      chunk += `${chunk === '' ? '' : '\n\n'}${piece.join('').trim()}`;
      words += piece.length;
    }
  }
  close();
  return chunks;
}

/**
 * What a document's metadata file says (AWS: Bedrock, S3 data source metadata): each attribute a value, or a value with its type.
 *
 * @throws Unreadable for a file that is none
 */
export function metadataOf(content: Buffer): Metadata {
  if (exceeds(metadataBytes, content.length)) throw new Unreadable('The metadata file exceeds the limit of 10 KB.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.toString('utf8'));
  } catch {
    throw new Unreadable('The metadata file is not valid JSON.');
  }
  const attributes = isRecord(parsed) ? parsed['metadataAttributes'] : undefined;
  if (!isRecord(attributes)) throw new Unreadable('The metadata file has no metadataAttributes.');
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeOf(name, value)]));
}

function attributeOf(name: string, given: unknown): MetadataValue {
  const typed = isRecord(given) ? given['value'] : undefined;
  const value = isRecord(typed)
    ? (typed['stringValue'] ?? typed['numberValue'] ?? typed['booleanValue'] ?? typed['stringListValue'])
    : given;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value as string[];
  throw new Unreadable(`The metadata attribute ${name} is no string, number, boolean or list of strings.`);
}
