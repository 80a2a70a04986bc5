import { DOCUMENT_TYPES, type DocumentType } from '../contract';

/** Browsers go by what programs registered, and many know neither Markdown nor CSV: the name then says what it is. */
const BY_EXTENSION = new Map<string, DocumentType>([
  ...Object.entries(DOCUMENT_TYPES).map(([type, extension]) => [extension, type as DocumentType] as const),
  ['markdown', 'text/markdown'],
  ['htm', 'text/html'],
]);

/** For the `accept` of a file input. */
export const ACCEPTED = [...Object.keys(DOCUMENT_TYPES), ...[...BY_EXTENSION.keys()].map((each) => `.${each}`)].join();

/** The media type of a file, by its name first: a CSV file may be called a spreadsheet, and Markdown plain text. */
export function documentType({ name, type }: File): DocumentType | undefined {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return BY_EXTENSION.get(extension) ?? (Object.keys(DOCUMENT_TYPES) as DocumentType[]).find((each) => each === type);
}
