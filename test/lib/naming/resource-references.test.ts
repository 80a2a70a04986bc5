import { App, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { propertyOf, resourcesNamedIn, setProperty } from '../../../lib/naming/resource-references';

const stacks = () => {
  const app = new App();
  return [new Stack(app, 'One'), new Stack(app, 'Two')] as const;
};

describe('the resources that a value names', () => {
  it('are found within texts, lists, maps and functions, in each stack', () => {
    const [one, two] = stacks();
    const [a, b, c] = [new CfnQueue(one, 'A'), new CfnQueue(one, 'B'), new CfnQueue(two, 'C')];
    const from = new CfnResource(one, 'From', { type: 'Custom::From' });
    const value = { Text: `queue:${a.ref}`, List: [{ Arn: b.attrArn }], Split: Fn.select(0, Fn.split(':', c.attrArn)) };
    expect([...resourcesNamedIn(value, from)]).toEqual([a, b, c]);
  });

  it('are none of a plain value', () => {
    const [one] = stacks();
    const from = new CfnResource(one, 'From', { type: 'Custom::From' });
    for (const value of ['plain', 1, undefined, null, {}, one.region]) {
      expect([...resourcesNamedIn(value, from)]).toEqual([]);
    }
  });
});

describe('a property', () => {
  it('is read and set by the name that CloudFormation has for it', () => {
    const [one] = stacks();
    const cluster = new CfnDBCluster(one, 'Cluster', { dbClusterIdentifier: 'shop', kmsKeyId: 'key' });
    expect([propertyOf(cluster, 'DBClusterIdentifier'), propertyOf(cluster, 'KmsKeyId')]).toEqual(['shop', 'key']);
    setProperty(cluster, 'KmsKeyId', 'other');
    expect(cluster.kmsKeyId).toBe('other');
  });

  it('is undefined where the resource has no such property, and stays so', () => {
    const [one] = stacks();
    const queue = new CfnQueue(one, 'Queue');
    setProperty(queue, 'NoSuchProperty', 'value');
    expect(propertyOf(queue, 'NoSuchProperty')).toBeUndefined();
    expect(propertyOf(queue, 'QueueName')).toBeUndefined();
  });
});
