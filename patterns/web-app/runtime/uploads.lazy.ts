import { PresignedUploads, uploadsSettings } from './presigned-uploads';
import type { Uploads } from './uploads';

/** Uploads into the bucket that the environment names. In a file of its own: S3's client costs the other routes nothing. */
export const uploads: Uploads = new PresignedUploads(uploadsSettings());
