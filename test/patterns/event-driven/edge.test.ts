// @project synthesis

import type { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { LocalDistribution } from '../../../local/edge/local-distribution';
import { LocalEngine } from '../../../local/engine/local-engine';
import { stackOf } from '../../assemblies';
import { IRELAND } from '../../lib/edge/edge-fixture';
import { eventDrivenStack, eventDrivenTemplate, resourcesOf, testApp, validationReport } from '../../synthesize';

let engine: LocalEngine;
let edge: LocalDistribution;

beforeAll(async () => {
  // One stack: what the edge needs from us-east-1 is in it.
  engine = await LocalEngine.start(await stackOf('EventDriven', { props: { edge: {} }, region: 'us-east-1' }));
  edge = new LocalDistribution(engine.template, {
    assetFolder: () => '',
    api: async ({ method, url, headers, body }) => {
      const answer = await engine.request({ method, path: url, headers, body: body?.toString() });
      return {
        status: answer.statusCode,
        headers: (answer.headers ?? {}) as Record<string, string>,
        body: Buffer.from(answer.body ?? ''),
      };
    },
  });
});
afterAll(async () => {
  await engine.stop();
});

const ORDER = JSON.stringify({ currency: 'EUR', lines: [{ sku: 'book-1', quantity: 1, unitPriceCents: 100 }] });
const headersOf = (key: string) => ({
  host: 'd1.cloudfront.net',
  'content-type': 'application/json',
  'idempotency-key': key,
  ...engine.signedIn('alice'),
});

describe('the orders API behind its distribution', () => {
  it('takes orders, each by each, and keeps no answer', async () => {
    const placed = await edge.request({
      method: 'POST',
      url: '/orders',
      headers: headersOf('one'),
      body: Buffer.from(ORDER),
    });
    expect([placed.status, placed.trace.cachePolicy]).toEqual([202, 'CachingDisabled']);
    const found = await edge.request({
      method: 'GET',
      url: String(placed.headers['location']),
      headers: headersOf('one'),
    });
    expect(JSON.parse(found.body.toString())).toMatchObject({ currency: 'EUR' });
    expect(found.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['without the secret', {}],
    ['with a guess', { 'x-origin-verify': 'guess' }],
    ['with the hash that the function knows', { 'x-origin-verify': 'hash' }],
  ])('refuses who comes around it %s', async (_, extra: Record<string, string>) => {
    const fn = engine.find('AWS::Lambda::Function', 'ShopOrdersApi');
    const { Variables } = fn.properties['Environment'] as { Variables: Record<string, string> };
    const guess =
      extra['x-origin-verify'] === 'hash' ? { 'x-origin-verify': String(Variables['ORIGIN_VERIFIERS']) } : extra;
    const answer = await engine.request({
      method: 'POST',
      path: '/orders',
      headers: { ...headersOf('two'), ...guess },
      body: ORDER,
    });
    expect([answer.statusCode, JSON.parse(answer.body ?? '{}')]).toMatchObject([403, { code: 'forbidden' }]);
  });

  it('replaces a secret that a viewer sends', async () => {
    const answered = await edge.request({
      method: 'GET',
      url: '/orders',
      headers: { ...headersOf('three'), 'x-origin-verify': 'guess' },
    });
    expect(answered.status).toBe(200);
  });
});

describe('the template with an edge', () => {
  it('has the distribution after what checks its secret, and tells its address', () => {
    const template = Template.fromStack(eventDrivenStack(testApp(), 'dev', { env: IRELAND, edge: {} }));
    const [distribution] = Object.values(resourcesOf(template, 'AWS::CloudFront::Distribution'));
    expect(distribution).toMatchObject({ DependsOn: Object.keys(resourcesOf(template, 'AWS::Lambda::Alias')) });
    template.hasOutput('ApiUrl', {
      Value: {
        'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [Match.stringLikeRegexp('Distribution'), 'DomainName'] }]],
      },
    });
  });

  it('has none of it without', () => {
    const template = eventDrivenTemplate('dev');
    for (const type of ['AWS::CloudFront::Distribution', 'AWS::WAFv2::WebACL', 'Custom::OriginSecret']) {
      template.resourceCountIs(type, 0);
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('ORIGIN_VERIFIERS');
  });

  it('refuses a stack that does not say its region', () => {
    expect(() => eventDrivenStack(testApp(), 'dev', { edge: {} })).toThrow('[waf-on-cloudfront]');
  });

  for (const stage of STAGE_NAMES) {
    it(`has no finding without a reason in ${stage}`, () => {
      const build = (app: App) => {
        eventDrivenStack(app, stage, { env: IRELAND, edge: {} });
      };
      const { violations } = validationReport(build, (app) => allPacks(app, { strict: stage !== 'dev' }));
      expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
    });
  }
});
