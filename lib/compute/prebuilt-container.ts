import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';
import { PACKAGE_ROOT } from './package-root';

/**
 * The container of a pattern that ships with this package: its server is built already, and the Dockerfile beside it only copies.
 * Synth reads the folder and needs no Docker; `cdk deploy` does, on a machine of any architecture.
 *
 * @throws RefusedValueError when it was not built.
 */
export function prebuiltContainer(scope: IConstruct, pattern: string): ContainerImage {
  return containerFrom(scope, join(PACKAGE_ROOT, 'dist', 'container', pattern));
}

/**
 * An image for arm64 (graviton-default) from a folder with a `Dockerfile` and the built `server.js` that it copies.
 *
 * @throws RefusedValueError when one of the two is missing.
 */
export function containerFrom(scope: IConstruct, folder: string): ContainerImage {
  const missing = ['Dockerfile', 'server.js'].filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) {
    refuse(scope, {
      prop: 'image',
      value: folder,
      allowed: `a folder with a Dockerfile and a built server.js (missing: ${missing.join(', ')})`,
      fix: 'run `npm run build` in a checkout; a published package contains it',
    });
  }
  return ContainerImage.fromAsset(folder, { platform: Platform.LINUX_ARM64 });
}
