/**
 * What presigned requests may ask for. Constructs refuse by it at synth and handlers at run time; it imports neither world.
 */

/** Seconds that a presigned request may live (s3-presign-expiry-5-15-min, guide 98). */
export const PRESIGNED_SECONDS = { least: 300, most: 900 } as const;

/** Bytes that S3 takes in one PUT or POST, and copies in one request (AWS: S3 multipart upload limits). */
export const LARGEST_SINGLE_REQUEST_BYTES = 5 * 1024 ** 3;

/** Of an upload in parts (AWS: S3 multipart upload limits): bytes of each part but the last, and how many there may be. */
export const PART_LIMITS = { leastBytes: 5 * 1024 ** 2, mostBytes: 5 * 1024 ** 3, most: 10_000 } as const;

/** Folders of a bucket that people upload into. */
export const UPLOAD_FOLDERS = { uploads: 'uploads/', quarantine: 'quarantine/' } as const;
