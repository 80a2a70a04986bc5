import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, stages } from '../../../lib';
import { EventDrivenStack } from '../../../patterns/event-driven';
import { eventDrivenStack, eventDrivenTemplate, MAIL_FROM, resourcesOf, testApp } from '../../synthesize';

/** Types that hold data, keys or logs, and would stay behind a stack that is deleted if they were retained. */
const STATEFUL = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
];

describe('dev leaves nothing behind', () => {
  const resources = resourcesOf(eventDrivenTemplate('dev'));

  it('retains no resource', () => {
    const retained = Object.entries(resources).filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'));
    // A published version goes with its function.
    expect(retained.filter(([, { Type }]) => Type !== 'AWS::Lambda::Version')).toEqual([]);
  });

  it('empties its bucket', () => {
    const buckets = Object.values(resources).filter(({ Type }) => Type === 'AWS::S3::Bucket');
    const emptied = Object.values(resources).filter(({ Type }) => Type === 'Custom::S3AutoDeleteObjects');
    expect([buckets.length, emptied.length]).toEqual([1, 1]);
  });

  it('protects nothing from deletion', () => {
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type === 'AWS::DynamoDB::Table') expect(Properties['DeletionProtectionEnabled']).not.toBe(true);
      if (Type === 'AWS::Cognito::UserPool') expect(Properties['DeletionProtection']).not.toBe('ACTIVE');
    }
  });

  it('writes every log to a log group of the stack', () => {
    const functions = Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    const groups = functions.map(({ Properties }) => Properties['LoggingConfig'] as { LogGroup?: unknown } | undefined);
    expect(groups.every((group) => group?.LogGroup !== undefined)).toBe(true);
  });
});

describe('prod keeps its data', () => {
  const resources = resourcesOf(eventDrivenTemplate('prod'));

  it('retains all that is stateful', () => {
    for (const [id, { Type, DeletionPolicy }] of Object.entries(resources)) {
      if (STATEFUL.includes(Type)) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
    }
  });

  it('protects tables and users from deletion, and the stack from termination', () => {
    const tables = Object.values(resources).filter(({ Type }) => Type === 'AWS::DynamoDB::Table');
    expect(tables.length).toBeGreaterThan(0);
    for (const { Properties } of tables) {
      expect(Properties['DeletionProtectionEnabled']).toBe(true);
      expect(Properties['PointInTimeRecoverySpecification']).toEqual({ PointInTimeRecoveryEnabled: true });
    }
    eventDrivenTemplate('prod').hasResourceProperties('AWS::Cognito::UserPool', { DeletionProtection: 'ACTIVE' });
    expect(eventDrivenStack(testApp(), 'prod').terminationProtection).toBe(true);
    expect(eventDrivenStack(testApp(), 'dev').terminationProtection).toBe(false);
  });

  it('keeps logs for a year', () => {
    for (const { Properties } of Object.values(resourcesOf(eventDrivenTemplate('prod'), 'AWS::Logs::LogGroup'))) {
      expect(Properties['RetentionInDays']).toBe(365);
    }
  });

  it('asks at deployment who receives alarm notifications, where dev only warns', () => {
    const message = Match.stringLikeRegexp('No one receives alarm notifications');
    const dev = new EventDrivenStack(testApp(), 'Dev', { stage: stages.dev });
    Annotations.fromStack(dev).hasWarning('*', message);
    const prod = new EventDrivenStack(testApp(), 'Prod', { stage: stages.prod });
    Annotations.fromStack(prod).hasNoWarning('*', message);
    const { Parameters } = Template.fromStack(prod).toJSON() as { Parameters: Record<string, object> };
    const [name, parameter] = Object.entries(Parameters).find(([id]) => id.includes('AlarmEmail')) ?? [];
    expect(parameter).not.toHaveProperty('Default');
    Template.fromStack(prod).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: { Ref: name },
    });
    expect(Object.keys(eventDrivenTemplate('prod').findParameters('*', {}))).not.toContainEqual(
      expect.stringContaining('AlarmEmail'),
    );
  });
});

describe('mail to users', () => {
  it('comes from the address that is passed, and otherwise from Cognito', () => {
    const pool = (mailFrom?: string) =>
      Object.values(
        resourcesOf(Template.fromStack(eventDrivenStack(testApp(), 'prod', { mailFrom })), 'AWS::Cognito::UserPool'),
      ).map(({ Properties }) => Properties['EmailConfiguration']);
    expect(pool()).toEqual([undefined]);
    expect(pool(MAIL_FROM)).toMatchObject([{ EmailSendingAccount: 'DEVELOPER', From: MAIL_FROM }]);
  });
});

describe('an account whose Lambda quota was never raised', () => {
  it('gets everything but the reservation, and is told so', () => {
    const stage = { ...stages.dev, accountConcurrency: 10 };
    const stack = new EventDrivenStack(testApp(), 'Small', { stage, alarmEmail: 'ops@example.com' });
    const functions = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Lambda::Function'));
    for (const { Properties } of functions) expect(Properties['ReservedConcurrentExecutions']).toBeUndefined();
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('concurrency of 10 is too low'));
  });
});

describe("staging has prod's shape", () => {
  it('has the same resource types, and only the bucket-emptying of dev beside them', () => {
    const types = (stage: 'staging' | 'prod') =>
      [...new Set(Object.values(resourcesOf(eventDrivenTemplate(stage))).map(({ Type }) => Type))].sort();
    expect(types('staging').filter((type) => type !== 'Custom::S3AutoDeleteObjects')).toEqual(types('prod'));
  });
});

describe('every stage', () => {
  it.each(STAGE_NAMES)('%s explains its resources by catalogue ids', (stage) => {
    const unexplained = Object.entries(resourcesOf(eventDrivenTemplate(stage)))
      .filter(([, { Metadata }]) => Metadata?.['groundplan'] === undefined)
      .map(([, { Type }]) => Type);
    // Plumbing whose reason is the resource that it belongs to.
    const plumbing =
      /^(AWS::IAM::(Role|Policy)|AWS::(SQS::Queue|SNS::Topic|S3::Bucket)Policy|AWS::Lambda::(Permission|Version)|AWS::Cognito::UserPoolClient|AWS::ApiGatewayV2::(Integration|Authorizer)|AWS::SNS::Subscription|AWS::CloudWatch::Dashboard|Custom::S3AutoDeleteObjects|AWS::Lambda::Function|AWS::Logs::LogGroup)$/;
    expect(unexplained.filter((type) => !plumbing.test(type))).toEqual([]);
  });
});
