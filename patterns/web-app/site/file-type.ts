import { UPLOAD_TYPES, type UploadType } from '../contract';

/** Browsers go by what programs registered, and some call a CSV file a spreadsheet: the name then says what it is. */
const BY_EXTENSION: Readonly<Record<string, UploadType>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  zip: 'application/zip',
  mp4: 'video/mp4',
  txt: 'text/plain',
  csv: 'text/csv',
};

/** For the `accept` of a file input. */
export const ACCEPTED = [...UPLOAD_TYPES, ...Object.keys(BY_EXTENSION).map((extension) => `.${extension}`)].join(',');

/** The media type of a file; undefined for one that may not be uploaded. */
export function uploadType({ name, type }: File): UploadType | undefined {
  const known = UPLOAD_TYPES.find((each) => each === type);
  return known ?? BY_EXTENSION[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
}
