import { ChunkMetadata } from '../contract';
import type { DocumentRow } from './document-row';
import { visible } from './visible-text';

/**
 * Bytes of the name that is written on chunks. S3 Vectors keeps 2 KB of filterable metadata with a vector (AWS: S3 Vectors,
 * limitations), of which Bedrock's own take some; the document's row has all of it.
 */
const NAME_BYTES = 400;
/** AWS: Bedrock, prerequisites for knowledge base data: a metadata file has up to 10 KB. */
export const METADATA_BYTES = 10 * 1024;

type Attributes = Readonly<Record<string, unknown>>;

/** What a document's chunks must say, whoever wrote its metadata file: retrieval is divided by it. */
export function chunkMetadata({ tenant, id, name }: Pick<DocumentRow, 'tenant' | 'id' | 'name'>): Attributes {
  return {
    [ChunkMetadata.tenant]: tenant,
    [ChunkMetadata.documentId]: id,
    [ChunkMetadata.name]: cut(visible(name)),
  };
}

/**
 * The content of a document's metadata file (AWS: Bedrock, include metadata in a data source). What someone else wrote into it stays,
 * where it is of the form and fits; what divides the tenants is ours to say.
 *
 * @param present its content now. @default - there is none
 * @returns undefined when it is right as it is
 */
export function metadataFile(row: Pick<DocumentRow, 'tenant' | 'id' | 'name'>, present?: string): string | undefined {
  const required = chunkMetadata(row);
  const { metadataAttributes: theirs = {}, ...rest } = attributesIn(present) ?? {};
  const isRight = Object.entries(required).every(([name, value]) => (theirs as Attributes)[name] === value);
  if (isRight) return undefined;
  const merged = JSON.stringify({ ...rest, metadataAttributes: { ...theirs, ...required } });
  return Buffer.byteLength(merged) <= METADATA_BYTES ? merged : JSON.stringify({ metadataAttributes: required });
}

function attributesIn(text = ''): { readonly metadataAttributes?: Attributes } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const attributes = (parsed as { metadataAttributes?: unknown } | null)?.metadataAttributes;
    return typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes)
      ? (parsed as { metadataAttributes: Attributes })
      : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of a text, in whole characters. */
function cut(text: string): string {
  const head = Buffer.from(text).subarray(0, NAME_BYTES);
  return new TextDecoder('utf-8').decode(head, { stream: head.length === NAME_BYTES });
}
