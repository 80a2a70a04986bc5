import type { Message } from '@aws-sdk/client-sqs';
import { letterOf, nameIn, objectOf } from './letters';
import { nameOf, urlOf } from './queue-reference';
import { toBus } from './ways/bus';
import { toFunction } from './ways/function';
import { toQueue } from './ways/queue';
import { fromRule, toTarget } from './ways/rule';
import { fromSchedule } from './ways/schedule';
import { fromStream } from './ways/stream';
import type { Road, Way } from './ways/way';

/**
 * Where a letter goes back to: the one that should have got it, and no other.
 *
 * @param target URL of the queue that was asked for in place of that
 */
export async function wayBack(road: Road, message: Message, target?: string): Promise<Way> {
  const letter = letterOf(message, road.queue);
  // Not even a queue that was asked for can do anything with a place in a stream.
  if (letter.kind === 'stream') return fromStream(road, letter, message);
  if (target !== undefined) return toQueue(road, target, message);
  switch (letter.kind) {
    case 'work':
      return toSource(road, letter.sourceArn, message);
    case 'rule':
      return fromRule(road, letter, message);
    case 'schedule':
      return fromSchedule(road, letter, message);
    case 'invocation':
      return toFunction(road, letter.functionArn, JSON.stringify(letter.payload));
    case 'plain':
      return fromOrigin(road, message);
  }
}

async function toSource(road: Road, sourceArn: string, message: Message): Promise<Way> {
  const url = await urlOf(road.clients.sqs, sourceArn);
  if (url !== undefined) return toQueue(road, url, message);
  return { stays: `its source queue ${nameOf(sourceArn)} does not exist`, fix: another(road) };
}

/** A letter that does not say where it comes from: all that may send here must want it in the same place. */
async function fromOrigin(road: Road, message: Message): Promise<Way> {
  const { origins, sources } = road.queue;
  const kinds = new Set(origins.map(({ kind }) => kind));
  const [first] = origins;
  const isClear = sources.length === 0 && kinds.size === 1;
  if (isClear && first?.kind === 'bus') return toBus(road, first.name, message);
  if (isClear && first?.kind === 'function' && origins.length === 1 && first.arn !== undefined) {
    return toFunction(road, first.arn, message.Body ?? '');
  }
  if (isClear && first?.kind === 'subscription') {
    const endpoints = new Set(origins.flatMap((each) => (each.kind === 'subscription' ? [each.endpoint] : [])));
    const [endpoint] = endpoints;
    if (endpoints.size === 1 && endpoint?.split(':')[2] === 'sqs')
      return toTarget(road, endpoint, message, message.Body ?? '');
    return {
      stays: 'SNS does not record which subscriber did not receive it',
      fix: `pass that subscriber's queue: ${another(road)}`,
    };
  }
  const { 'detail-type': type } = objectOf(message.Body);
  const seen = typeof type === 'string' ? ` (its body is an event, ${type})` : '';
  return { stays: `its origin is unknown${seen}`, fix: another(road) };
}

function another({ queue, region }: Road): string {
  return `npx groundplan redrive ${queue.name} --region ${region} --to <queue>`;
}

/** What sends to a dead-letter queue, for people. */
export function describeOrigins({ queue: { sources, origins } }: Pick<Road, 'queue'>): string[] {
  const words = { bus: 'event bus', function: 'function', invocation: 'invocations of' } as const;
  return [
    ...sources,
    ...origins.map(({ kind, name }) => {
      const short =
        kind === 'subscription' ? (name.split(':').at(-2) ?? name) : name.startsWith('arn:') ? nameIn(name) : name;
      return `${kind in words ? words[kind as keyof typeof words] : kind} ${short}`;
    }),
  ];
}
