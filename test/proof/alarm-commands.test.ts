import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
import { main } from '../../lib/operations/command-line';
import { createClients } from '../../lib/operations/redrive/clients';
import { type ResolvedResource, ResolvedTemplate, type TemplateDocument } from '../../local/assembly/resolved-template';
import { LocalCloudFormation } from '../../local/aws/cloudformation';
import { LocalKinesis } from '../../local/aws/kinesis/service';
import { LocalS3 } from '../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../local/aws/server';
import { LocalSqs } from '../../local/aws/sqs';
import { queueAttributes } from '../../local/engine/local-world';
import { streamDefinition } from '../../local/engine/stream-definition';
import { replay } from '../../patterns/data-pipeline/replay';
import { readReplayOptions, USAGE } from '../../patterns/data-pipeline/replay/options';
import { Seen, words } from '../lib/operations/terminal-fixture';
import {
  dataPipelineStack,
  eventDrivenTemplate,
  genAiRagTemplate,
  testApp,
  VECTOR_STORES,
  webAppTemplate,
} from '../synthesize';

const NOW = 1_700_000_000_000;

const TEMPLATES: Readonly<Record<string, () => Template>> = Object.fromEntries(
  STAGE_NAMES.flatMap((stage) => [
    [`event-driven, ${stage}`, () => eventDrivenTemplate(stage)],
    [`event-driven, ${stage}, FIFO`, () => eventDrivenTemplate(stage, { fifo: true })],
    [
      `data-pipeline, ${stage}, with a warehouse`,
      () => Template.fromStack(dataPipelineStack(testApp(), stage, { warehouse: true })),
    ],
    [`web-app, ${stage}`, () => webAppTemplate(stage)],
    [`web-app, ${stage}, Fargate`, () => webAppTemplate(stage, 'fargate')],
    ...Object.keys(VECTOR_STORES).map((store) => [
      `genai-rag, ${stage}, ${store}`,
      () => genAiRagTemplate(stage, store as keyof typeof VECTOR_STORES),
    ]),
  ]),
);

/** A command in an alarm's text, up to its end. */
function commandOf({ properties }: ResolvedResource): string | undefined {
  return /npx groundplan (.+)$/.exec(String(properties['AlarmDescription']))?.[1];
}

describe.each(Object.entries(TEMPLATES))('the texts of alarms of %s', (_, synthesize) => {
  let aws: LocalAws;
  let template: ResolvedTemplate;
  let sqs: LocalSqs;
  beforeAll(async () => {
    const document = synthesize().toJSON() as TemplateDocument;
    const regional = JSON.stringify(document).includes('"eu-west-1"') ? 'eu-west-1' : 'us-east-1';
    const deployment = { account: '111111111111', region: regional, stackName: 'Deployed' };
    template = new ResolvedTemplate(withoutParameters(document), deployment);
    sqs = new LocalSqs(deployment, () => NOW);
    const cloudformation = new LocalCloudFormation(deployment);
    cloudformation.add({
      name: deployment.stackName,
      template: document,
      resources: Object.fromEntries(
        [...template.resources].map(([id, { type, name }]) => [id, { type, physicalId: name }]),
      ),
    });
    for (const queue of template.ofType('AWS::SQS::Queue')) {
      sqs.createQueue(queue.arn?.split(':').pop() ?? '', queueAttributes(queue));
    }
    const [s3, kinesis] = [new LocalS3(() => NOW), new LocalKinesis(deployment, () => NOW)];
    for (const { name } of template.ofType('AWS::S3::Bucket')) s3.createBucket(name);
    for (const stream of template.ofType('AWS::Kinesis::Stream')) kinesis.createStream(streamDefinition(stream));
    aws = await startLocalAws({ sqs, cloudformation, s3, kinesis });
  });
  afterAll(() => aws.close());

  /** Runs what was pasted after `npx groundplan`. */
  async function pasted(command: string) {
    const at = { endpoint: aws.endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const seen = new Seen({ now: () => NOW, sleep: async () => undefined });
    const clients = {
      kinesis: (region?: string) => new KinesisClient({ ...at, region }),
      s3: (region?: string) => new S3Client({ ...at, region, forcePathStyle: true }),
    };
    const code = await main(words(command), seen.terminal, {
      clientsFor: (region) => createClients({ ...at, region, maxAttempts: 1, useQueueUrlAsEndpoint: false }),
      replays: {
        'data-pipeline': async () => ({
          usage: USAGE,
          run: (args, terminal) => replay(readReplayOptions(args), terminal, clients),
        }),
      },
    });
    return seen.result(code);
  }

  it('end in a command that finds its queue as it is pasted, for each dead-letter queue', async () => {
    const redriving = template.ofType('AWS::CloudWatch::Alarm').flatMap((alarm) => {
      const command = commandOf(alarm);
      return command?.startsWith('redrive ') === true ? [{ alarm, command }] : [];
    });
    const found: string[] = [];
    for (const { alarm, command } of redriving) {
      const [queue] = (alarm.properties['Dimensions'] as { Value: string }[]).map(({ Value }) => Value);
      const fifo = queue?.endsWith('.fifo') === true && { deduplicationId: 'd' };
      sqs.queue(queue ?? '').send({ body: '{"a":1}', group: 'g', ...fifo });
      const { code, out, err } = await pasted(command);
      expect([code, err], command).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^${queue}: 1 message, oldest shown 0 s, from `));
      found.push(queue ?? '');
    }
    const dead = deadLetterQueues(template);
    expect(found.sort()).toEqual(dead);
  });

  it('name no command that is not run here, and none that fails', async () => {
    const others = template
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => /groundplan/.test(String(properties['AlarmDescription'])))
      .map((alarm) => commandOf(alarm) ?? '')
      .filter((command) => !command.startsWith('redrive '));
    for (const command of others) {
      const { code, err, out } = await pasted(command);
      expect([code, out], `${command}\n${err}`).toEqual([0, expect.stringMatching(/\w/)]);
    }
    expect(others.length > 0).toBe(template.ofType('AWS::Kinesis::Stream').length > 0);
  });
});

/** Names of the queues that keep what failed. */
function deadLetterQueues(template: ResolvedTemplate): string[] {
  const arns = new Set<string>();
  const visit = (value: unknown, inside: boolean): void => {
    if (inside && typeof value === 'string' && value.includes(':sqs:')) arns.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      visit(child, inside || ['RedrivePolicy', 'DeadLetterConfig', 'OnFailure'].includes(key));
    }
  };
  for (const { properties } of template.resources.values()) visit(properties, false);
  return [...arns].map((arn) => arn.split(':').pop() ?? '').sort();
}

/** A template whose parameters have values. */
function withoutParameters(document: TemplateDocument): TemplateDocument {
  const names = Object.keys((document as { Parameters?: object }).Parameters ?? {});
  const text = names.reduce((all, name) => all.replaceAll(`{"Ref":"${name}"}`, '"given"'), JSON.stringify(document));
  return JSON.parse(text) as TemplateDocument;
}
