import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Place } from '../place';
import { type Check, ok, willFail } from '../question';

const TIMEOUT_MS = 10_000;

/** Whether Docker answers, where `cdk deploy` has images to build. */
export const docker: Check = {
  id: 'docker',
  questions: (place) => {
    const images = imagesOf(place);
    if (images === 0) return [];
    // As the CDK's CLI does.
    const command = process.env['CDK_DOCKER'] ?? 'docker';
    return [
      {
        subject: `${images} container ${images === 1 ? 'image' : 'images'} to build`,
        resources: [],
        ask: async () => {
          try {
            const format = ['version', '--format', '{{.Server.Version}}'];
            const { stdout } = await promisify(execFile)(command, format, { timeout: TIMEOUT_MS });
            return ok(`${command} ${stdout.trim()} answers`);
          } catch (error) {
            const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
            return willFail(
              isMissing
                ? `${command} is not on the PATH, and "cdk deploy" builds images with it: install it, or set CDK_DOCKER`
                : `${command} does not answer: start its service`,
              `${command} version`,
            );
          }
        },
      },
    ];
  },
};

interface AssetManifest {
  readonly dockerImages?: Readonly<Record<string, { readonly source?: { readonly directory?: string } }>>;
}

/** Images that are built from a folder; others come ready from a command of their own. */
function imagesOf({ stacks }: Place): number {
  const sources = stacks.flatMap(({ assetManifest: file }) => {
    if (file === undefined || !existsSync(file)) return [];
    const { dockerImages = {} } = JSON.parse(readFileSync(file, 'utf8')) as AssetManifest;
    return Object.entries(dockerImages).flatMap(([id, { source }]) => (source?.directory === undefined ? [] : [id]));
  });
  return new Set(sources).size;
}
