import { join } from 'node:path';
import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { stages } from 'groundplan';
import { ClickstreamPipeline } from 'groundplan/data-pipeline';
import { createProducer } from 'groundplan/data-pipeline/producer';
import { EventDrivenShop } from 'groundplan/event-driven';

const app = new App();

// Your own key and users, from a stack of yours.
const platform = new Stack(app, 'Platform');
const encryptionKey = new Key(platform, 'Key', { enableKeyRotation: true });
const userPool = new UserPool(platform, 'Users');
const client = userPool.addClient('Web');

// Two instances in one stack.
const stack = new Stack(app, 'Shops');
const europe = new EventDrivenShop(stack, 'Europe', {
  alarmEmail: 'ops@example.com',
  existing: { encryptionKey, users: { userPool, clients: [client] } },
});
europe.addService('loyalty', {
  entry: join(__dirname, 'loyalty.ts'),
  events: ['order.placed'],
  timeout: Duration.seconds(20),
});
new EventDrivenShop(stack, 'America', { stage: stages.staging, alarmEmail: 'ops@example.com', fifo: true });

// One in a nested stack.
const nested = new NestedStack(new Stack(app, 'Outer'), 'Inner');
new EventDrivenShop(nested, 'Shop', { alarmEmail: 'ops@example.com' });

// Two pipelines in one stack; the third reader of a stream gets its own throughput.
const pipelines = new Stack(app, 'Pipelines');
const web = new ClickstreamPipeline(pipelines, 'Web', { alarmEmail: 'ops@example.com' });
web.addConsumer('loyalty', { entry: join(__dirname, 'loyalty.ts') });
new ClickstreamPipeline(pipelines, 'Mobile', { stage: stages.prod, existing: { encryptionKey } });

// What a back end sends by.
createProducer({ putRecords: async () => ({ Records: [] }), onUnsent: () => undefined });

app.synth();
