import { expect, it } from 'vitest';
import {
  LARGEST_SINGLE_REQUEST_BYTES,
  PART_LIMITS,
  PRESIGNED_SECONDS,
  UPLOAD_FOLDERS,
} from '../../../lib/runtime/upload-limits';

it('lets a presigned request live for 5 to 15 minutes', () => {
  expect(PRESIGNED_SECONDS).toEqual({ least: 5 * 60, most: 15 * 60 });
});

it('has the limits of S3, in bytes', () => {
  expect(LARGEST_SINGLE_REQUEST_BYTES).toBe(5_368_709_120);
  expect(PART_LIMITS).toEqual({ leastBytes: 5_242_880, mostBytes: 5_368_709_120, most: 10_000 });
});

it('keeps what was uploaded apart from what is in quarantine', () => {
  expect(UPLOAD_FOLDERS).toEqual({ uploads: 'uploads/', quarantine: 'quarantine/' });
});
