import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ResolvedResource } from '../assembly/resolved-template';
import { listBelow, onlyKnown, type Settings } from './known-settings';

/** An object of the site's bucket. */
export interface SiteFile {
  readonly content: Buffer;
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly etag: string;
}

/** What the AWS CLI guesses by a file's name; without a guess S3 stores `binary/octet-stream`. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const KNOWN = [
  ...[
    'ServiceToken',
    'SourceBucketNames',
    'SourceObjectKeys',
    'SourceMarkers',
    'SourceMarkersConfig',
    'DestinationBucketName',
  ],
  ...['DestinationBucketKeyPrefix', 'WaitForDistributionInvalidation', 'Prune', 'SystemMetadata', 'DistributionId'],
  ...['DistributionPaths', 'OutputObjectKeys'],
];

/**
 * What CDK's deployments put into a bucket, by key.
 *
 * @param deployments resources of type `Custom::CDKBucketDeployment`, in the order that they run in
 * @throws Error naming a setting that is not known here
 */
export function siteFiles(
  deployments: readonly ResolvedResource[],
  bucketName: string,
  assetFolder: (objectKey: string) => string,
): Map<string, SiteFile> {
  const files = new Map<string, SiteFile>();
  for (const { logicalId, properties } of deployments) {
    if (properties['DestinationBucketName'] !== bucketName) continue;
    onlyKnown(properties, KNOWN, logicalId);
    const { 'cache-control': cacheControl } = onlyKnown(
      (properties['SystemMetadata'] ?? {}) as Settings,
      ['cache-control'],
      logicalId,
    );
    const prefix = properties['DestinationBucketKeyPrefix'];
    (properties['SourceObjectKeys'] as readonly string[]).forEach((objectKey, index) => {
      const markers = listBelow(properties, 'SourceMarkers')[index] ?? {};
      const escapes = String(listBelow(properties, 'SourceMarkersConfig')[index]?.['jsonEscape']) === 'true';
      const folder = assetFolder(objectKey);
      for (const path of filesBelow(folder)) {
        const content = replaced(readFileSync(join(folder, path)), markers, escapes);
        files.set(prefix === undefined ? path : `${String(prefix)}/${path}`, {
          content,
          contentType: CONTENT_TYPES[extname(path)] ?? 'binary/octet-stream',
          etag: `"${createHash('md5').update(content).digest('hex')}"`,
          ...(cacheControl !== undefined && { cacheControl: String(cacheControl) }),
        });
      }
    });
  }
  return files;
}

/** Values that only the deployment knows, in place of their markers. */
function replaced(content: Buffer, markers: Settings, escapes: boolean): Buffer {
  if (Object.keys(markers).length === 0) return content;
  let text = content.toString('utf8');
  for (const [marker, value] of Object.entries(markers)) {
    text = text.replaceAll(marker, escapes ? JSON.stringify(value).replace(/^"(.*)"$/s, '$1') : String(value));
  }
  return Buffer.from(text);
}

function filesBelow(folder: string, path = ''): string[] {
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const name = path === '' ? entry.name : `${path}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(folder, name) : [name];
  });
}
