import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnUserPoolClient, UserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { importWhatReplaces } from '../../../lib/stage/strong-references';

const env = { account: '111111111111', region: 'eu-west-1' };

/** The resources of a stack that reads from another, by logical id. */
function read(add: (stack: Stack, kept: Stack) => void): Readonly<Record<string, { Properties: unknown }>> {
  const app = new App({ context: cdkJson.context });
  const kept = new Stack(app, 'Kept', { env });
  const running = new Stack(app, 'Running', { env });
  importWhatReplaces(running);
  add(running, kept);
  return app.synth().getStackByName('Running').template.Resources;
}

describe('what another stack gives', () => {
  it('is imported where its change would replace the resource', () => {
    const { Client } = read((stack, kept) => {
      const { userPoolId } = new UserPool(kept, 'Users');
      new CfnUserPoolClient(stack, 'Client', { userPoolId, clientName: userPoolId });
    });
    expect(Client?.Properties).toEqual({
      UserPoolId: { 'Fn::ImportValue': expect.stringMatching(/^Kept:/) },
      ClientName: { 'Fn::GetStackOutput': expect.anything() },
    });
  });

  it('is imported where it is a part of such a value', () => {
    const { Group } = read((stack, kept) => {
      const topic = new Topic(kept, 'Topic');
      new CfnTargetGroup(stack, 'Group', { name: `group-of-${topic.topicName}` });
    });
    expect(JSON.stringify(Group)).toContain('Fn::ImportValue');
  });

  it('is read at deployment where a change is no replacement, or a replacement is what the type is for', () => {
    const { Alarms, Task } = read((stack, kept) => {
      const { topicName } = new Topic(kept, 'Topic');
      new CfnTopic(stack, 'Alarms', { displayName: topicName });
      new CfnTaskDefinition(stack, 'Task', { family: 'family', taskRoleArn: topicName });
    });
    expect(JSON.stringify([Alarms, Task])).not.toContain('Fn::ImportValue');
    expect(JSON.stringify([Alarms, Task])).toContain('Fn::GetStackOutput');
  });

  it('stays a reference within the stack, and leaves types alone that the data does not know', () => {
    const { Client, Mine } = read((stack, kept) => {
      const { userPoolId } = new UserPool(stack, 'Users');
      new CfnUserPoolClient(stack, 'Client', { userPoolId });
      new CfnResource(stack, 'Mine', { type: 'Custom::Mine', properties: { Of: new Topic(kept, 'Topic').topicName } });
    });
    expect(Client?.Properties).toEqual({ UserPoolId: { Ref: expect.stringMatching(/^Users/) } });
    expect(JSON.stringify(Mine)).toContain('Fn::GetStackOutput');
  });
});
