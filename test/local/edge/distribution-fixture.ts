import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack, type SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { type EdgeContext, LocalDistribution } from '../../../local/edge/local-distribution';
import type { EdgeAnswer, FetchFromOrigin, OriginRequest } from '../../../local/edge/viewer';
import { edgeStack, IRELAND } from '../../lib/edge/edge-fixture';
import { testApp } from '../../synthesize';

const outdir = mkdtempSync(join(tmpdir(), 'groundplan-edge-'));
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
const app = testApp({ outdir });
edgeStack(app, IRELAND, { names: ['app.example.com'] });
app.synth();

/** The stacks of an application in Ireland, as CDK leaves them. */
const HOME: SynthesizedStack = readStack(outdir, 'Shop');
const EDGE = readStack(outdir, 'ShopEdge');

type Config = Record<string, unknown>;

/** What the API was asked. */
export interface ApiFixture {
  readonly asked: OriginRequest[];
  answer: EdgeAnswer;
  /** Answers in its place. */
  fetch?: FetchFromOrigin;
}

/** An API that answers the same each time. */
export function apiFixture(): ApiFixture {
  return { asked: [], answer: answer(200, '{"items":[]}', { 'content-type': 'application/json' }) };
}

/** An answer of an API. */
export function answer(status: number, body: string, headers: Record<string, string> = {}): EdgeAnswer {
  return { status, headers, body: Buffer.from(body) };
}

/**
 * The distribution of the template.
 *
 * @param change what to change in the distribution's settings before. @default - nothing
 */
export function distribution(
  api: ApiFixture,
  change: (config: Config, document: TemplateDocument) => void = () => undefined,
  standIns?: EdgeContext['standIns'],
): LocalDistribution {
  const document = structuredClone(HOME.template);
  const [found] = Object.values(document.Resources).filter(({ Type }) => Type === 'AWS::CloudFront::Distribution');
  change((found?.Properties?.['DistributionConfig'] ?? {}) as Config, document);
  const template = new ResolvedTemplate(document, HOME.deployment, [
    new ResolvedTemplate(EDGE.template, EDGE.deployment),
  ]);
  return new LocalDistribution(template, {
    assetFolder: (key) => HOME.assetFolder(key),
    api: async (request) => {
      api.asked.push(request);
      return api.fetch?.(request) ?? api.answer;
    },
    ...(standIns !== undefined && { standIns }),
  });
}
