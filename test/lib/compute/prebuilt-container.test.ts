import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { prebuiltContainer } from '../../../lib/compute/prebuilt-container';
import { CONTAINER_PORT } from '../../../patterns/web-app/contract';
import { testApp } from '../../synthesize';
import { built, CONTAINER, fargateFixture } from './fargate-fixture';

describe('the prebuilt container', () => {
  it('is an image for arm64, which synth leaves to the deployment to build', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'groundplan-test-'));
    try {
      const app = testApp({ outdir });
      fargateFixture(app);
      app.synth();
      const { dockerImages } = JSON.parse(readFileSync(join(outdir, 'Mine.assets.json'), 'utf8')) as {
        dockerImages: Record<string, { source: { directory: string; platform: string } }>;
      };
      const sources = Object.values(dockerImages).map(({ source }) => source);
      expect(sources).toEqual([{ directory: expect.any(String), platform: 'linux/arm64' }]);
      const copied = join(outdir, sources[0]?.directory ?? '', 'Dockerfile');
      expect(readFileSync(copied, 'utf8')).toBe(readFileSync(join(CONTAINER, 'Dockerfile'), 'utf8'));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

  it('is refused when it was not built', () => {
    const stack = new Stack(testApp(), 'Mine');
    expect(() => prebuiltContainer(stack, 'no-such-pattern')).toThrow(
      /container\/no-such-pattern'; allowed: a folder with a Dockerfile and a built server\.js \(missing: Dockerfile, server\.js\)/,
    );
  });
});

describe("the web app's Dockerfile", () => {
  const lines = readFileSync(join(__dirname, '../../../patterns/web-app/container/Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('only copies, so that a machine of any architecture makes it', () => {
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'FROM',
      'ENV',
      'WORKDIR',
      'COPY',
      'USER',
      'EXPOSE',
      'CMD',
    ]);
  });

  it('runs Node.js itself as a user who is not root', () => {
    expect(lines).toContain('USER node');
    expect(lines).toContain(`EXPOSE ${CONTAINER_PORT}`);
    expect(lines.at(-1)).toBe('CMD ["node", "server.js"]');
  });
});

/** Exit code of the container's own health check against a server. */
async function check(listener: RequestListener): Promise<number | null> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const { HealthCheck } = built('dev', { port }).container() as { HealthCheck: { Command: string[] } };
  const [kind, program, ...rest] = HealthCheck.Command;
  expect([kind, program]).toEqual(['CMD', 'node']);
  const child = spawn(process.execPath, rest, { stdio: 'ignore' });
  const code = await new Promise<number | null>((exited) => child.once('exit', exited));
  server.closeAllConnections();
  server.close();
  return code;
}

describe("the container's health check", () => {
  it('passes while the server answers at the path', async () => {
    const code = await check((request, response) =>
      response.writeHead(request.url === '/api/health' ? 200 : 404).end(),
    );
    expect(code).toBe(0);
  });

  it('fails when it answers that it cannot', async () => {
    expect(await check((_, response) => response.writeHead(503).end())).toBe(1);
  });

  it('fails when it takes the request and says nothing', async () => {
    expect(await check(() => undefined)).toBe(1);
  });

  it('fails when it breaks off', async () => {
    expect(await check((request) => request.socket.destroy())).toBe(1);
  });
});
