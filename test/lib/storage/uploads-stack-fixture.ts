import { join } from 'node:path';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarms,
  AlarmTopic,
  DataKey,
  HandlerCode,
  HandlerFunction,
  type StageName,
  stages,
  UploadEvents,
  UploadsBucket,
  type UploadsBucketProps,
} from '../../../lib';
import { ALARM_EMAIL } from '../../synthesize';

/** A handler; what it does is of no matter here. */
const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');

/** A bucket that somebody signs for and that a function looks into. */
export function uploadsStack(app: App, stageName: StageName = 'dev', props: Partial<UploadsBucketProps> = {}): Stack {
  const stack = new Stack(app, 'Uploads');
  const stage = stages[stageName];
  const encryptionKey = new DataKey(stack, 'Key', { stage, description: 'Files' }).key;
  const common = { stage, encryptionKey };
  const bucket = new UploadsBucket(stack, 'Bucket', {
    ...common,
    allowedOrigins: ['https://app.example.com'],
    ...props,
  });
  const code = HandlerCode.entry(ENTRY);
  const timeout = Duration.seconds(30);
  const api = new HandlerFunction(stack, 'Api', { ...common, code, serviceName: 'api', timeout });
  const consumer = new HandlerFunction(stack, 'Inspect', { ...common, code, serviceName: 'inspect', timeout });
  bucket.grantPresign(api.function);
  bucket.grantInspect(consumer.function);
  const events = new UploadEvents(stack, 'Events', { ...common, bucket: bucket.bucket, consumer, timeout });
  const { topic } = new AlarmTopic(stack, 'AlarmTopic', { ...common, email: ALARM_EMAIL });
  const alarms = new Alarms(stack, 'Alarms', { stage, topic });
  alarms.watchQueue('Inspect', events.work.queue);
  alarms.watchDeadLetters('Inspect', events.work.deadLetterQueue);
  alarms.watchDeadLetters('Undelivered', events.undelivered);
  alarms.watchRule('Events', events.rule);
  for (const [name, handler] of Object.entries({ Api: api, Inspect: consumer })) {
    alarms.watchFunction(name, handler.function);
    alarms.watchErrorLines(name, handler.logGroup, name);
  }
  alarms.watchAccountConcurrency(stage.accountConcurrency);
  return stack;
}
