// @project synthesis

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { LocalDistribution } from '../../../local/edge/local-distribution';
import type { EdgeAnswer, OriginRequest } from '../../../local/edge/viewer';
import { testApp, webAppStacks } from '../../synthesize';

/** In the order that they are deployed in. */
const STACKS = ['WebAppEdge', 'WebAppNetwork', 'WebAppData', 'WebApp'];

/** What takes each URL, and the path that gets to it. */
const URLS = [
  ['/', 'default', '/index.html', 200],
  ['/signed-in?code=1&state=2', 'default', '/index.html', 200],
  ['/items/0a1b', 'default', '/index.html', 200],
  ['/config.json', 'default', '/config.json', 200],
  ['/assets/index-00000000.js', 'default', '/assets/index-00000000.js', 404],
  ['/api/items?limit=5', '/api/*', '/api/items?limit=5', 200],
  ['/api/health', '/api/*', '/api/health', 200],
  ['/api/items/0a1b/attachments', '/api/*', '/api/items/0a1b/attachments', 200],
  ['/%61pi/items', '/api/*', '/%61pi/items', 200],
  ['/api', 'default', '/index.html', 200],
  ['/apix', 'default', '/index.html', 200],
  ['/API/items', 'default', '/index.html', 200],
  ['/api/../x', 'default', '/index.html', 200],
  ['/api%2Fitems', 'default', '/index.html', 200],
] as const;

for (const stage of STAGE_NAMES) {
  for (const compute of ['lambda', 'fargate'] as const) {
    describe(`the edge of the web app in ${stage} with ${compute}`, () => {
      let outdir: string;
      let template: ResolvedTemplate;
      let edge: LocalDistribution;
      let asked: OriginRequest[] = [];
      let answer: EdgeAnswer = { status: 200, headers: {}, body: Buffer.from('{}') };

      beforeAll(() => {
        outdir = mkdtempSync(join(tmpdir(), 'groundplan-web-app-edge-'));
        const app = testApp({ outdir });
        webAppStacks(app, stage, { compute });
        app.synth();
        const resolved: ResolvedTemplate[] = [];
        for (const name of STACKS) {
          const stack = readStack(outdir, name);
          template = new ResolvedTemplate(stack.template, stack.deployment, resolved);
          resolved.push(template);
        }
        const { assetFolder } = readStack(outdir, 'WebApp');
        edge = new LocalDistribution(template, {
          assetFolder,
          api: async (request) => {
            asked.push(request);
            return answer;
          },
        });
      });
      afterAll(() => rmSync(outdir, { recursive: true, force: true }));

      it.each(URLS)('%s is for %s, as %s, and answers %i', async (url, behavior, path, status) => {
        asked = [];
        const { trace, ...answered } = await edge.request({ method: 'GET', url });
        expect([trace.behavior, trace.sent?.url, answered.status]).toEqual([behavior, path, status]);
        expect(asked).toHaveLength(behavior === '/api/*' ? 1 : 0);
        expect([trace.cachePolicy, trace.originRequestPolicy]).toEqual(
          behavior === '/api/*' ? ['CachingDisabled', 'AllViewerExceptHostHeader'] : ['CachingOptimized', undefined],
        );
      });

      it.each([403, 404, 500])("leaves the API's %i to who asked, and to nobody else for long", async (status) => {
        answer = { status, headers: { 'content-type': 'application/problem+json' }, body: Buffer.from('{"code":"x"}') };
        const got = await edge.request({ method: 'GET', url: '/api/items/0a1b' });
        answer = { status: 200, headers: {}, body: Buffer.from('{}') };
        expect([got.status, got.body.toString(), got.headers['cache-control']]).toEqual([
          status,
          '{"code":"x"}',
          'no-store',
        ]);
        expect(got.trace.errorSeconds ?? 0).toBeLessThanOrEqual(status < 500 ? 0 : 1);
      });

      it('hands out a page that may call its login and its bucket alone', async () => {
        const config = await edge.request({ method: 'GET', url: '/config.json' });
        const { loginUrl } = JSON.parse(config.body.toString()) as { loginUrl: string };
        const page = await edge.request({ method: 'GET', url: '/' });
        const [, sources = ''] = /connect-src ([^;]+)/.exec(page.headers['content-security-policy'] ?? '') ?? [];
        expect(sources.split(' ')).toEqual(["'self'", loginUrl, expect.stringMatching(/^https:\/\/uploads-.+\.s3\./)]);
      });

      it('leaves no way to the API around it', async () => {
        asked = [];
        await edge.request({ method: 'GET', url: '/api/items', headers: { 'x-origin-verify': 'guess' } });
        const [sent] = asked;
        if (compute === 'lambda') {
          const hash = createHash('sha256')
            .update(sent?.headers['x-origin-verify'] ?? '')
            .digest('hex');
          const checking = template
            .ofType('AWS::Lambda::Function')
            .map(({ properties }) => (properties['Environment'] as { Variables?: Record<string, string> })?.Variables)
            .flatMap((variables) => variables?.['ORIGIN_VERIFIERS'] ?? []);
          expect(checking).toEqual([hash]);
          return;
        }
        const balancers = template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer');
        expect(balancers.map(({ properties }) => properties['Scheme'])).toEqual(['internal']);
        expect(sent?.host).toBe(balancers[0]?.attributes['DNSName']);
        expect(template.ofType('AWS::CloudFront::VpcOrigin')).toHaveLength(1);
      });
    });
  }
}
