import type { Message } from '@aws-sdk/client-sqs';
import { objectOf } from '../letters';
import type { Origin, RuleTarget } from '../origins';
import { urlOf } from '../queue-reference';
import { toFunction } from './function';
import { toQueue } from './queue';
import type { Road, Way } from './way';
import { toWorkflow } from './workflow';

/** What EventBridge names a rule after, in its ARN: `bus/rule`, or the rule alone on the default bus. */
const ruleIn = (ruleArn: string) => ruleArn.split(':rule/').pop() ?? ruleArn;

/**
 * An event that a rule could not hand to its target goes to that target alone: on the bus every other rule would get it, too.
 */
export async function fromRule(
  road: Road,
  { ruleArn, targetArn }: { readonly ruleArn: string; readonly targetArn: string },
  message: Message,
): Promise<Way> {
  const rules = road.queue.origins.filter((origin) => origin.kind === 'rule');
  const named = rules.filter(({ name }) => name.replace('|', '/') === ruleIn(ruleArn));
  const rule = named.find(({ target }) => target.arn === undefined || target.arn === targetArn) ?? onlyOf(rules);
  if (rule === undefined) {
    return {
      stays: `the rule ${ruleIn(ruleArn)} is in no known stack, so the input of its target is unknown`,
      fix: `if ${targetArn} is a queue that receives the whole event: npx groundplan redrive ${road.queue.name} --region ${road.region} --to ${targetArn}`,
    };
  }
  const input = inputOf(rule.target, message.Body ?? '');
  if (input === undefined) {
    return {
      stays: `the rule ${ruleIn(ruleArn)} uses an input transformer, which only EventBridge can apply`,
      fix: `send the transformed input to ${targetArn} manually`,
    };
  }
  return toTarget(road, targetArn, message, input, rule.target.messageGroupId);
}

/** Hands an input to the target of a rule or a schedule. */
export async function toTarget(
  road: Road,
  targetArn: string,
  message: Message,
  input: string,
  group?: string,
): Promise<Way> {
  const [, , service] = targetArn.split(':');
  if (service === 'states') return toWorkflow(road, targetArn, executionName(message), input);
  if (service === 'lambda') return toFunction(road, targetArn, input);
  const url = service === 'sqs' ? await urlOf(road.clients.sqs, targetArn) : undefined;
  if (url !== undefined) return toQueue(road, url, message, { body: input, group });
  return {
    stays:
      service === 'sqs'
        ? `its target ${targetArn} does not exist`
        : `its target ${targetArn} is of an unsupported type`,
    fix: 'deploy the target again, or process the body shown manually',
  };
}

/**
 * What the rule hands its target. The letter is the event as it was (not seen in AWS with an input path, so that a body
 * without an event's envelope is taken for what was to be delivered).
 */
function inputOf({ inputPath, input, transformed }: RuleTarget, body: string): string | undefined {
  const event = objectOf(body);
  if (input !== undefined) return input;
  if (transformed) return undefined;
  if (inputPath === undefined || !('detail-type' in event && 'detail' in event)) return body;
  const value = inputPath.split('.').slice(1).reduce<unknown>(memberOf, event);
  return value === undefined ? undefined : JSON.stringify(value);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** One to 80 letters, digits, hyphens and underscores (AWS: API_StartExecution). */
function executionName({ Body, MessageId = '' }: Message): string {
  const { id } = objectOf(Body);
  return typeof id === 'string' && /^[\w-]{1,80}$/.test(id) ? id : MessageId;
}

function onlyOf<O extends Origin>(origins: readonly O[]): O | undefined {
  return origins.length === 1 ? origins[0] : undefined;
}
