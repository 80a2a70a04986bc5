import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { eventDrivenTemplate } from '../../synthesize';

const deployment = { account: '111111111111', region: 'eu-west-1', stackName: 'Test' };

function resolve(Resources: TemplateDocument['Resources']) {
  return new ResolvedTemplate({ Resources }, deployment);
}

describe('a resolved template', () => {
  it('gives what CloudFormation would return', () => {
    const { resources } = resolve({
      Queue: { Type: 'AWS::SQS::Queue' },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          Joined: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'AWS::AccountId' }]] },
          // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
          Sub: { 'Fn::Sub': '${AWS::Region}/${Queue.QueueName}' },
          Dropped: [{ Ref: 'AWS::NoValue' }, 'kept'],
        },
      },
    });
    expect(resources.get('Policy')?.properties).toEqual({
      Queues: ['https://sqs.eu-west-1.amazonaws.com/111111111111/Test-Queue'],
      Arn: 'arn:aws:sqs:eu-west-1:111111111111:Test-Queue',
      Joined: 'arn:aws:111111111111',
      Sub: 'eu-west-1/Test-Queue',
      Dropped: ['kept'],
    });
  });

  it.each([
    [{ AvailabilityZoneId: 'euw1-az2' }, 'eu-west-1b'],
    [{ AvailabilityZone: 'eu-west-1c' }, 'eu-west-1c'],
    [{}, 'eu-west-1a'],
  ])('gives the name of the zone of a subnet with %j', (Properties, zone) => {
    const { resources } = resolve({
      Subnet: { Type: 'AWS::EC2::Subnet', Properties },
      Writer: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { AvailabilityZone: { 'Fn::GetAtt': ['Subnet', 'AvailabilityZone'] } },
      },
    });
    expect(resources.get('Writer')?.properties).toEqual({ AvailabilityZone: zone });
  });

  it('has what its conditions make, and refuses a reference to what they do not', () => {
    const Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } };
    const Resources = {
      Queue: { Type: 'AWS::SQS::Queue' },
      Audit: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' },
    };
    expect([...new ResolvedTemplate({ Resources, Conditions }, deployment).resources.keys()]).toEqual(['Queue']);
    const there = new ResolvedTemplate({ Resources, Conditions }, { ...deployment, region: 'us-east-1' });
    expect([...there.resources.keys()]).toEqual(['Queue', 'Audit']);
    const Topic = { Type: 'AWS::SNS::Topic', Properties: { Name: { Ref: 'Audit' } } };
    expect(() => new ResolvedTemplate({ Resources: { ...Resources, Topic }, Conditions }, deployment)).toThrow(
      'Audit is not made: its condition IsProd does not hold',
    );
  });

  it('names a rule of a custom bus as bus|rule', () => {
    const { resources } = resolve({
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'facts' } },
      Rule: { Type: 'AWS::Events::Rule', Properties: { EventBusName: { Ref: 'Bus' } } },
    });
    expect([resources.get('Rule')?.name, resources.get('Rule')?.arn]).toEqual([
      'facts|Test-Rule',
      'arn:aws:events:eu-west-1:111111111111:rule/facts/Test-Rule',
    ]);
  });

  it('refuses by name what it does not know', () => {
    expect(() => resolve({ Thing: { Type: 'AWS::Foo::Bar' } })).toThrow(
      'Thing: the type AWS::Foo::Bar is not known here',
    );
    const Properties = { A: { 'Fn::GetAtt': ['Queue', 'Depth'] } };
    expect(() => resolve({ Queue: { Type: 'AWS::SQS::Queue', Properties } })).toThrow(
      'the attribute Depth of AWS::SQS::Queue',
    );
    expect(() => resolve({ Queue: { Type: 'AWS::SQS::Queue', Properties: { A: { 'Fn::Cidr': [] } } } })).toThrow(
      'Fn::Cidr',
    );
  });

  it.each(STAGE_NAMES)('takes the whole pattern in %s, and leaves no intrinsic behind', (stage) => {
    for (const fifo of [false, true]) {
      const template = new ResolvedTemplate(
        eventDrivenTemplate(stage, { fifo }).toJSON() as TemplateDocument,
        deployment,
      );
      expect(JSON.stringify([...template.resources.values()])).not.toMatch(/"(Ref|Fn::\w+)":/);
    }
  });
});
