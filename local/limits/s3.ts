import { limitTable } from './limit';

const GUIDE = 'docs.aws.amazon.com/AmazonS3/latest/userguide';
const API = 'docs.aws.amazon.com/AmazonS3/latest/API';
const KEYS = `${GUIDE}/object-keys.html`;
const METADATA = `${GUIDE}/UsingMetadata.html`;
const MULTIPART = `${GUIDE}/qfacts.html`;
const POLICY = `${API}/sigv4-HTTPPOSTConstructPolicy.html`;
const POST = `${API}/RESTObjectPOST.html`;
const QUERY = `${API}/sigv4-query-string-auth.html`;
const ERRORS = `${API}/ErrorResponses.html`;
const GIB = 1024 ** 3;

/** What S3 refuses, of the SDK's requests, presigned ones and forms. */
export const S3_LIMITS = limitTable('S3', {
  bucketName: {
    operation: 'CreateBucket',
    limit: 'Name of a bucket, characters',
    min: 3,
    max: 63,
    error: 'InvalidBucketName',
    source: `${GUIDE}/bucketnamingrules.html`,
  },
  key: {
    operation: 'PutObject, POST Object, CopyObject, CreateMultipartUpload, UploadPart',
    limit: 'Key, bytes of UTF-8',
    max: 1024,
    error: 'KeyTooLongError',
    source: KEYS,
  },
  objectBytes: {
    operation: 'PutObject, POST Object, UploadPart',
    limit: 'Object or part of a request, bytes',
    max: 5 * GIB,
    error: 'EntityTooLarge',
    source: MULTIPART,
  },
  metadata: {
    operation: 'PutObject, POST Object, CreateMultipartUpload',
    limit: 'Names and values of user-defined metadata, bytes of UTF-8',
    max: 2048,
    error: 'MetadataTooLarge',
    source: METADATA,
  },
  partNumber: {
    operation: 'UploadPart',
    limit: 'Number of a part',
    min: 1,
    max: 10_000,
    error: 'InvalidArgument',
    source: MULTIPART,
  },
  partBytes: {
    operation: 'CompleteMultipartUpload',
    limit: 'A part that is not the last, bytes',
    min: 5 * 1024 ** 2,
    error: 'EntityTooSmall',
    source: MULTIPART,
  },
  parts: {
    operation: 'CompleteMultipartUpload',
    limit: 'Parts that are named',
    min: 1,
    max: 10_000,
    error: 'MalformedXML',
    source: MULTIPART,
  },
  unknownPart: {
    operation: 'CompleteMultipartUpload',
    limit: 'A part that was not uploaded, or has another ETag',
    error: 'InvalidPart',
    source: `${API}/API_CompleteMultipartUpload.html`,
  },
  partOrder: {
    operation: 'CompleteMultipartUpload',
    limit: 'Parts that are not in ascending order',
    error: 'InvalidPartOrder',
    source: `${API}/API_CompleteMultipartUpload.html`,
  },
  unknownUpload: {
    operation: 'UploadPart, CompleteMultipartUpload, AbortMultipartUpload, ListParts',
    limit: 'An upload that does not exist, has been completed or was aborted',
    error: 'NoSuchUpload',
    source: ERRORS,
  },
  deletedKeys: {
    operation: 'DeleteObjects',
    limit: 'Keys of a request',
    min: 1,
    max: 1000,
    error: 'MalformedXML',
    source: `${API}/API_DeleteObjects.html`,
  },
  listedObjects: {
    operation: 'ListObjectsV2',
    limit: 'Objects of an answer',
    max: 1000,
    effect: 'The answer ends there, and has a NextContinuationToken',
    source: `${API}/API_ListObjectsV2.html`,
  },
  maxKeys: {
    operation: 'ListObjectsV2',
    limit: 'MaxKeys',
    min: 0,
    error: 'InvalidArgument',
    source: `${API}/API_ListObjectsV2.html`,
  },
  maxBuckets: {
    operation: 'ListBuckets',
    limit: 'MaxBuckets',
    min: 1,
    max: 10_000,
    error: 'InvalidArgument',
    source: `${API}/API_ListBuckets.html`,
  },
  range: {
    operation: 'GetObject',
    limit: 'A Range that begins behind the end of the object',
    error: 'InvalidRange',
    source: ERRORS,
  },
  condition: {
    operation: 'GetObject, CopyObject, DeleteObject',
    limit: 'An If-Match with another ETag',
    error: 'PreconditionFailed',
    source: `${GUIDE}/conditional-requests.html`,
  },
  expires: {
    operation: 'Presigned request',
    limit: 'X-Amz-Expires, seconds',
    min: 1,
    max: 604_800,
    error: 'AuthorizationQueryParametersError',
    source: QUERY,
  },
  expired: {
    operation: 'Presigned request, POST Object',
    limit: 'A request after its expiry',
    error: 'AccessDenied',
    source: QUERY,
  },
  clockSkew: {
    operation: 'Presigned request',
    limit: 'Milliseconds that X-Amz-Date may be ahead of the service',
    max: 15 * 60_000,
    error: 'AccessDenied',
    source: ERRORS,
  },
  signature: {
    operation: 'Presigned request, POST Object',
    limit: 'A request that is not what was signed',
    error: 'SignatureDoesNotMatch',
    source: QUERY,
  },
  formBytes: {
    operation: 'POST Object',
    limit: 'The form before the content of the file, bytes',
    max: 20 * 1024,
    error: 'MaxPostPreDataLengthExceededError',
    source: POST,
  },
  form: {
    operation: 'POST Object',
    limit: 'A body that is not multipart/form-data',
    error: 'MalformedPOSTRequest',
    source: ERRORS,
  },
  file: {
    operation: 'POST Object',
    limit: 'A form without a file or a key; fields behind the file are not looked at',
    error: 'InvalidArgument',
    source: POST,
  },
  policyDocument: {
    operation: 'POST Object',
    limit: 'A policy that is not JSON, or has no conditions or one that is not known',
    error: 'InvalidPolicyDocument',
    source: POLICY,
  },
  policyCondition: {
    operation: 'POST Object',
    limit: 'A field that does not meet its condition, or that no condition names (but x-ignore-...)',
    error: 'AccessDenied',
    source: POLICY,
  },
  fileTooLarge: {
    operation: 'POST Object',
    limit: 'A file beyond content-length-range',
    error: 'EntityTooLarge',
    source: POLICY,
  },
  fileTooSmall: {
    operation: 'POST Object',
    limit: 'A file below content-length-range',
    error: 'EntityTooSmall',
    source: POLICY,
  },
});
