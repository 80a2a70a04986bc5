import { type App, Stack } from 'aws-cdk-lib';
import { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Encryption } from './encryption';
import { recordShop, resolvedShop, UNSEEN } from './event-driven-run';
import { requestsOfCall } from './handler-requests';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const keys = { pattern: arn('kms', 'key/1'), topic: arn('kms', 'key/2'), alarms: arn('kms', 'key/3') };
const bus = arn('events', 'event-bus/theirs');

/** Everything that can be brought. @param topic how the fan-out topic is imported */
const existing = (app: App, topic: (theirs: Stack) => ITopic) => {
  const theirs = new Stack(app, 'Theirs');
  return {
    encryptionKey: Key.fromKeyArn(theirs, 'Key', keys.pattern),
    topic: topic(theirs),
    eventBus: EventBus.fromEventBusArn(theirs, 'Bus', bus),
    alarmTopic: Topic.fromTopicAttributes(theirs, 'Alarms', { topicArn: arn('sns', 'alarms'), keyArn: keys.alarms }),
    users: {
      userPool: UserPool.fromUserPoolId(theirs, 'Users', 'eu-west-1_theirs'),
      clients: [UserPoolClient.fromUserPoolClientId(theirs, 'Client', 'client')],
    },
  };
};

describe.each([false, true])('a shop with resources of the user, and fifo %s', (fifo) => {
  const topicArn = arn('sns', fifo ? 'theirs.fifo' : 'theirs');
  const recording = recordShop(fifo);
  const shop = (topic: (theirs: Stack) => ITopic) => resolvedShop((app) => ({ fifo, existing: existing(app, topic) }));

  /** What is done there, but for what the policies of the user's resources have to allow a service on its own. */
  async function usedIn(template: ReturnType<typeof shop>, topicKey?: string): Promise<AccessRequest[]> {
    const { calls } = await recording;
    const encryption = new Encryption(template, topicKey === undefined ? {} : { [topicArn]: topicKey });
    return calls
      .map((call) => (call.service === 'sns' ? { ...call, input: { ...call.input, TopicArn: topicArn } } : call))
      .flatMap((call) => requestsOfCall(call, template, encryption))
      .concat(new ServiceRequests(template, encryption).all())
      .filter(({ principal, resource }) => principal.startsWith('arn:') || template.byArn(resource) !== undefined);
  }

  const publisherOf = (template: ReturnType<typeof shop>) =>
    find(template, 'AWS::IAM::Role', fifo ? 'OrderPublisher' : 'PublishOrders').arn;
  const keysOf = (used: readonly AccessRequest[], role: string) =>
    new Set(
      used.flatMap(({ principal, action, resource }) =>
        principal === role && action.startsWith('kms:') ? [resource] : [],
      ),
    );

  it("lets who publishes use the topic's own key, and nobody else", async () => {
    const template = shop((theirs) => Topic.fromTopicAttributes(theirs, 'Topic', { topicArn, keyArn: keys.topic }));
    const used = await usedIn(template, keys.topic);
    await expectAllowed(template, used);
    expect(unusedGrants(template, used, UNSEEN).unstated).toEqual([]);

    const publisher = publisherOf(template);
    expect(keysOf(used, publisher)).toEqual(new Set([keys.pattern, keys.topic]));
    const roles = template.ofType('AWS::IAM::Role').flatMap((role) => (role.arn === undefined ? [] : [role.arn]));
    await expectDenied(template, [
      ...roles
        .filter((role) => role !== publisher)
        .map((role) => ({ principal: role, action: 'kms:GenerateDataKey', resource: keys.topic })),
      ...roles.map((role) => ({ principal: role, action: 'kms:Decrypt', resource: keys.alarms })),
    ]);
  });

  it('takes a topic that does not say its key to have that of the pattern', async () => {
    const template = shop((theirs) => Topic.fromTopicArn(theirs, 'Topic', topicArn));
    const used = await usedIn(template, keys.pattern);
    await expectAllowed(template, used);
    expect(unusedGrants(template, used, UNSEEN).unstated).toEqual([]);
    expect(keysOf(used, publisherOf(template))).toEqual(new Set([keys.pattern]));
  });
});
