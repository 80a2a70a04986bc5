import type { Message } from '@aws-sdk/client-sqs';
import { objectOf } from '../letters';
import { toTarget } from './rule';
import { discarding, quoted, type Road, type Way } from './way';

/** A schedule that calls an AWS API by itself (docs.aws.amazon.com/scheduler: managing-targets-universal). */
const UNIVERSAL = /^arn:[^:]+:scheduler:::aws-sdk:(\w+):(\w+)$/;

/** Services whose name in the AWS CLI is another than in the SDK for Java, which Scheduler uses. */
const CLI_SERVICES: Readonly<Record<string, string>> = { bedrockagent: 'bedrock-agent', sfn: 'stepfunctions' };

/** What Scheduler could not hand over goes to the target, unless that is a call that only Scheduler's role may make. */
export async function fromSchedule(
  road: Road,
  { targetArn, truncated }: { readonly targetArn?: string; readonly truncated: boolean },
  message: Message,
): Promise<Way> {
  const schedules = road.queue.origins.filter((origin) => origin.kind === 'schedule');
  const arn = targetArn ?? (schedules.length === 1 ? schedules[0]?.target.arn : undefined);
  const discard = discarding(road, message.MessageId ?? '');
  if (arn === undefined || truncated) {
    return {
      stays: truncated ? 'EventBridge Scheduler truncated its payload' : 'it does not name the target of its schedule',
      fix: `wait for the next scheduled run; if it succeeds, discard the message: ${discard}`,
    };
  }
  const [, service, action] = UNIVERSAL.exec(arn) ?? [];
  if (service === undefined || action === undefined) return toTarget(road, arn, message, message.Body ?? '');
  return {
    stays: `its schedule calls ${service}:${action}, which this command does not call`,
    fix: `${cliCall(service, action, message.Body, road.region)} && ${discard}`,
  };
}

function cliCall(service: string, action: string, body: string | undefined, region: string): string {
  const options = Object.entries(objectOf(body)).map(([name, value]) => `--${kebab(name)} ${quoted(value)}`);
  return ['aws', CLI_SERVICES[service] ?? service, kebab(action), ...options, '--region', region].join(' ');
}

function kebab(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}
