import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/server';
import type { EventDrivenShopProps } from '../../../patterns/event-driven';
import { IRELAND, VIRGINIA } from '../../lib/edge/edge-fixture';
import { withEventDriven } from '../../patterns/event-driven/engine-fixture';
import { eventDrivenStack, testApp } from '../../synthesize';
import { type Reasons, TABLE_KEY_REASONS } from './harness';

/** Actions that no call and no delivery shows, and why they are granted. */
export const UNSEEN: Reasons = {
  'dynamodb:ListStreams':
    "AWS's policy for stream readers names it on the stream (DynamoDB: permissions to process streams); the simulator knows it only without a resource.",
  ...TABLE_KEY_REASONS,
};

/** Runs the pattern through every path that a handler has, and records what its functions call. */
export async function recordShop(
  fifo: boolean,
): Promise<{ readonly template: ResolvedTemplate; readonly calls: readonly RecordedCall[] }> {
  const calls: RecordedCall[] = [];
  const onCall = (call: RecordedCall) => {
    calls.push(call);
  };
  return withEventDriven({ stage: 'staging', props: { fifo }, onCall }, async (engine) => {
    const ask = (method: string, path: string, body?: object, key = `k${calls.length}`) =>
      engine.request({
        method,
        path,
        headers: { 'Idempotency-Key': key, ...engine.signedIn('alice') },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    const line = { sku: 'book', quantity: 1000, unitPriceCents: 9_990, note: 'n'.repeat(500) };
    for (const lines of [[line], Array.from({ length: 300 }, () => line)]) {
      const { body = '' } = await ask('POST', '/orders', { currency: 'EUR', lines });
      await ask('GET', `/orders/${(JSON.parse(body) as { orderId: string }).orderId}`);
    }
    // A large order that is refused, because its key was used: its lines are deleted.
    const large = { currency: 'EUR', lines: Array.from({ length: 300 }, () => line) };
    await ask('POST', '/orders', { currency: 'EUR', lines: [line] }, 'used');
    await ask('POST', '/orders', large, 'used');
    await ask('GET', '/orders');
    await engine.settle();
    return { template: engine.template, calls };
  });
}

/** The staging template over resources of the user, as it would be deployed. */
export function resolvedShop(props: (app: App) => EventDrivenShopProps): ResolvedTemplate {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-iam-'));
  try {
    const app = testApp({ outdir });
    const { shop } = eventDrivenStack(app, 'staging', props(app));
    const reason = "The key's policy is the user's.";
    Validations.of(shop.dataKey).acknowledge({ id: 'Annotation::groundplan:kms-fanout-key-policy', reason });
    app.synth();
    const { template, deployment } = readStack(outdir, 'EventDriven');
    return new ResolvedTemplate(template, deployment);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The staging templates of a shop with an edge, as they would be deployed: what CloudFront takes from us-east-1 alone, first. */
export function resolvedShopWithEdge(): { readonly shop: ResolvedTemplate; readonly edge: ResolvedTemplate } {
  const app = testApp();
  const { stackName } = eventDrivenStack(app, 'staging', { edge: {}, env: IRELAND });
  const assembly = app.synth();
  const resolved = (name: string, where: string, others: readonly ResolvedTemplate[]) =>
    new ResolvedTemplate(
      assembly.getStackByName(name).template as TemplateDocument,
      { account: IRELAND.account ?? '', region: where, stackName: name },
      others,
    );
  const region = IRELAND.region ?? '';
  const edge = resolved(`${stackName}Edge-${region}`, VIRGINIA.region ?? '', []);
  return { edge, shop: resolved(stackName, region, [edge]) };
}
