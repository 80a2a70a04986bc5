import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { docker } from '../../../../../lib/operations/doctor/checks/docker';
import { useDoctor } from '../doctor-fixture';

const fixture = useDoctor();
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const IMAGES = { a1: { source: { directory: 'asset.a1' } } };
afterEach(() => vi.unstubAllEnvs());

/** A program in the place of Docker. */
function program(script: string): void {
  const path = join(fixture.folder, 'docker');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('CDK_DOCKER', path);
}

describe('Docker', () => {
  it('that answers is fine', async () => {
    program('[ "$1" = version ] && echo 28.1.0');
    expect(await fixture.told(docker.id, QUEUE, {}, { images: IMAGES })).toMatchObject([
      { is: 'ok', subject: '1 container image to build', reason: expect.stringMatching(/docker 28\.1\.0 answers$/) },
    ]);
  });

  it('that does not answer, or is not there, fails', async () => {
    program('echo Cannot connect to the Docker daemon >&2; exit 1');
    expect(await fixture.told(docker.id, QUEUE, {}, { images: IMAGES })).toMatchObject([
      { is: 'will-fail', reason: expect.stringMatching(/does not answer: start its service$/) },
    ]);
    vi.stubEnv('CDK_DOCKER', join(fixture.folder, 'nothing'));
    expect(await fixture.told(docker.id, QUEUE, {}, { images: IMAGES })).toMatchObject([
      { is: 'will-fail', reason: expect.stringMatching(/is not on the PATH/) },
    ]);
  });

  it('is not asked where no image is built', async () => {
    program('exit 1');
    expect(await fixture.told(docker.id, QUEUE)).toEqual([]);
    expect(await fixture.told(docker.id, QUEUE, {}, { images: {} })).toEqual([]);
    const ready = { a1: { source: { executable: ['./image.sh'] } } };
    expect(await fixture.told(docker.id, QUEUE, {}, { images: ready })).toEqual([]);
  });
});
