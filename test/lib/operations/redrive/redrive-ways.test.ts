import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import {
  arnOf,
  type Deployed,
  deploy,
  depth,
  fail,
  fixture,
  location,
  queueNamed,
  run,
  useRedriveFixture,
} from './redrive-fixture';

useRedriveFixture();

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:Rag-Sync-1';
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** A stack whose function is run by a schedule; both leave what failed in one queue. */
function deploySchedule(target: object = { Arn: arnOf('Sync') }): void {
  fixture.sqs.createQueue('Rag-DeadLetters-1');
  deploy('Rag', {
    Dead: queueNamed('Rag-DeadLetters-1'),
    Sync: ['AWS::Lambda::Function', 'Rag-Sync-1'],
    Schedule: [
      'AWS::Scheduler::Schedule',
      'Rag-Schedule-1',
      { Target: { ...target, DeadLetterConfig: { Arn: arnOf('Dead') } } },
    ],
    Config: [
      'AWS::Lambda::EventInvokeConfig',
      'config',
      { FunctionName: { Ref: 'Sync' }, DestinationConfig: { OnFailure: { Destination: arnOf('Dead') } } },
    ],
  });
}

const invocation = {
  version: '1.0',
  requestContext: { functionArn: `${FUNCTION}:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload: { detail: 'run' },
  responsePayload: { errorType: 'TimeoutError', errorMessage: 'too slow' },
};

describe('groundplan redrive of what runs by itself', () => {
  it('invokes a function again, with what it had', async () => {
    deploySchedule();
    fixture.sqs.queue('Rag-DeadLetters-1').send({ body: JSON.stringify(invocation) });
    const { code, out } = await run('redrive Rag-DeadLetters-1 --yes');
    expect([code, depth('Rag-DeadLetters-1')]).toEqual([0, 0]);
    expect(out).toMatch(/from schedule Rag-Schedule-1, invocations of Rag-Sync-1/);
    expect(out).toMatch(/an invocation of Rag-Sync-1 failed \(RetriesExhausted\): TimeoutError too slow/);
    expect(fixture.others).toEqual([
      {
        action: 'Invoke',
        input: { FunctionName: `${FUNCTION}:$LATEST`, InvocationType: 'Event', Payload: '{"detail":"run"}' },
      },
    ]);
  });

  it('invokes what a schedule could not, and leaves a call of its own with the command for it', async () => {
    deploySchedule();
    const attributes = { SCHEDULE_ARN: text('arn:s'), ERROR_CODE: text('THROTTLING'), TARGET_ARN: text(FUNCTION) };
    const universal = text('arn:aws:scheduler:::aws-sdk:bedrockagent:startIngestionJob');
    const queue = fixture.sqs.queue('Rag-DeadLetters-1');
    queue.send({ body: '{"run":1}', attributes });
    queue.send({
      body: '{"KnowledgeBaseId":"KB1","DataSourceId":"DS1"}',
      attributes: { ...attributes, TARGET_ARN: universal },
    });
    queue.send({ body: '{"cut', attributes: { ...attributes, IS_PAYLOAD_TRUNCATED: text('true') } });
    const { code, err } = await run('redrive Rag --yes');
    expect([code, depth('Rag-DeadLetters-1')]).toEqual([1, 2]);
    expect(fixture.others.map(({ input }) => input['Payload'])).toEqual(['{"run":1}']);
    expect(err).toMatch(
      /aws bedrock-agent start-ingestion-job --knowledge-base-id KB1 --data-source-id DS1 --region eu-west-1 && npx groundplan redrive Rag-DeadLetters-1 --region eu-west-1 --only \S+ --discard --yes/,
    );
    expect(err).toMatch(/Scheduler truncated its payload/);
  });

  it('says of a workflow that was started before that it was, and of one that may not be what it needs', async () => {
    const machine = 'arn:aws:states:eu-west-1:111111111111:stateMachine:Shop-Machine-1';
    deploy('Shop', {
      RuleDead: queueNamed('Shop-RuleDeadLetterQueue-1'),
      Rule: [
        'AWS::Events::Rule',
        'bus|Fulfil',
        { Targets: [{ Arn: machine, InputPath: '$.detail', DeadLetterConfig: { Arn: arnOf('RuleDead') } }] },
      ],
    });
    const event = { id: 'e-1', 'detail-type': 'stock.reserved', source: 'shop', detail: { orderId: 'o-1' } };
    const rule = text('arn:aws:events:eu-west-1:111111111111:rule/bus/Fulfil');
    const attributes = { RULE_ARN: rule, TARGET_ARN: text(machine), ERROR_CODE: text('NO_PERMISSIONS') };
    fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body: JSON.stringify(event), attributes });
    fixture.answer = () => {
      throw new AwsError('AccessDeniedException', 'User is not authorized', 400);
    };
    const denied = await run('redrive Shop --yes');
    expect([denied.code, denied.err]).toEqual([
      1,
      expect.stringContaining('Not allowed: states:StartExecution in eu-west-1. AccessDeniedException: User is not'),
    ]);
    fixture.answer = () => {
      throw new AwsError('ExecutionAlreadyExists', 'Execution Already Exists', 400);
    };
    expect((await run('redrive Shop --yes')).code).toBe(0);
    expect(depth('Shop-RuleDeadLetterQueue-1')).toBe(0);
    expect(fixture.others.at(-1)?.input).toEqual({ stateMachineArn: machine, name: 'e-1', input: '{"orderId":"o-1"}' });
  });

  it('leaves an event that the bus refuses again', async () => {
    fixture.sqs.createQueue('Bus-DeadLetters-1');
    deploy('Bus', {
      Dead: queueNamed('Bus-DeadLetters-1'),
      Bus: ['AWS::Events::EventBus', 'facts', { DeadLetterConfig: { Arn: arnOf('Dead') } }],
    });
    const event = {
      id: 'e-1',
      'detail-type': 'shipped',
      source: 'shop',
      detail: { a: 1 },
      time: '2026-11-30T10:00:00Z',
    };
    fixture.sqs.queue('Bus-DeadLetters-1').send({ body: JSON.stringify(event) });
    fixture.sqs.queue('Bus-DeadLetters-1').send({ body: 'no event' });
    fixture.answer = () => ({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'KMSDisabled', ErrorMessage: 'the key is disabled' }],
    });
    const { code, err } = await run('redrive Bus --yes');
    expect([code, depth('Bus-DeadLetters-1')]).toEqual([1, 2]);
    expect(err).toMatch(/KMSDisabled: the key is disabled/);
    expect(err).toMatch(/it is not an event with a source, a detail-type and a detail/);
    expect(fixture.others[0]?.input['Entries']).toMatchObject([
      {
        EventBusName: 'facts',
        Source: 'shop',
        DetailType: 'shipped',
        Detail: '{"a":1}',
      },
    ]);
  });
});

describe('groundplan redrive of some messages', () => {
  const send = () => ['a', 'b', 'c'].map((body) => fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body }));
  const left = () =>
    fixture.sqs
      .queue('Shop-RuleDeadLetterQueue-1')
      .contents()
      .map(({ body }) => body)
      .sort();
  const on = 'redrive Shop-RuleDeadLetterQueue-1 --yes';

  it('moves those that are named', async () => {
    const [, second] = send();
    expect((await run(`${on} --to Bare --only ${second}`)).code).toBe(0);
    expect([left(), depth('Bare')]).toEqual([['a', 'c'], 1]);
  });

  it('moves all but those that are named', async () => {
    const [first, second] = send();
    expect((await run(`${on} --to Bare --skip ${first},${second}`)).code).toBe(0);
    expect([left(), depth('Bare')]).toEqual([['a', 'b'], 1]);
  });

  it('deletes those that are named, and sends nothing', async () => {
    const [first] = send();
    const { code, err } = await run(`${on} --only ${first} --discard`);
    expect([code, left()]).toEqual([0, ['b', 'c']]);
    expect(err).toMatch(/1 of 3 deleted/);
  });

  it('says which it did not find', async () => {
    send();
    const { code, err } = await run(`${on} --only m-9 --discard`);
    expect([code, left()]).toEqual([1, ['a', 'b', 'c']]);
    expect(err).toMatch(/not found in the queue, or held by another receiver: m-9/);
  });

  it('keeps attributes and group', async () => {
    fixture.sqs.createQueue('Dead.fifo');
    fixture.sqs.createQueue('Target.fifo');
    const sent = { body: 'x', group: 'order-7', deduplicationId: 'd', attributes: { trace: text('t-1') } };
    const id = fixture.sqs.queue('Dead.fifo').send(sent);
    await run('redrive Dead.fifo --to Target.fifo --yes');
    const [message] = fixture.sqs.queue('Target.fifo').contents();
    expect([message?.group, message?.deduplicationId, message?.attributes]).toEqual(['order-7', id, sent.attributes]);
  });
});

describe('the stacks of groundplan redrive', () => {
  const LONG = 'Orders-of-the-shop-in-the-production-account-of-Europe';

  it('finds queues whose names say little of a long stack name', async () => {
    fixture.sqs.createQueue('Orders-of-the-shop-in-the-p-DeadLetters-1A2B');
    fixture.sqs.createQueue('Orders-of-the-shop-in-the-p-Work-1A2B');
    deploy(LONG, {
      Dead: queueNamed('Orders-of-the-shop-in-the-p-DeadLetters-1A2B'),
      Work: queueNamed('Orders-of-the-shop-in-the-p-Work-1A2B'),
      Subscription: [
        'AWS::SNS::Subscription',
        'arn:aws:sns:eu-west-1:111111111111:Topic:1-2-3',
        { Endpoint: arnOf('Work'), RedrivePolicy: { deadLetterTargetArn: arnOf('Dead') } },
      ],
    });
    fixture.sqs.queue('Orders-of-the-shop-in-the-p-DeadLetters-1A2B').send({ body: 'x' });
    const { code, out } = await run(`redrive ${LONG} --yes`);
    expect([code, out]).toEqual([0, expect.stringContaining('1 message, oldest shown 0 s, from subscription Topic')]);
    expect(depth('Orders-of-the-shop-in-the-p-Work-1A2B')).toBe(1);
  });

  it('follows nested stacks, where one names the queue of another', async () => {
    fixture.sqs.createQueue('Outer-Inner-Dead-1');
    fixture.sqs.createQueue('Outer-Work-1');
    const dead = fixture.sqs.queue('Outer-Inner-Dead-1').arn;
    const inner = deploy(
      'Outer-Inner-1',
      { Dead: queueNamed('Outer-Inner-Dead-1') },
      { parent: 'Outer', outputs: { DeadArn: dead } },
    );
    const rule: Deployed = [
      'AWS::Events::Rule',
      'bus|Rule',
      { Targets: [{ Arn: { Ref: 'Work' }, DeadLetterConfig: { Arn: { Ref: 'DeadArn' } } }] },
    ];
    const second = deploy(
      'Outer-Second-1',
      { Rule: rule },
      { parent: 'Outer', parameters: { DeadArn: dead, Work: 'arn:w' } },
    );
    deploy('Outer', {
      Inner: ['AWS::CloudFormation::Stack', inner],
      Second: ['AWS::CloudFormation::Stack', second],
      Bus: [
        'AWS::Events::EventBus',
        'facts',
        { DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Inner', 'Outputs.DeadArn'] } } },
      ],
    });
    for (const target of ['Outer', 'Outer-Inner-Dead-1']) {
      expect((await run(`redrive ${target} --dry-run`)).out).toMatch(
        /^Outer-Inner-Dead-1: 0 messages, from event bus facts, rule bus\|Rule$/,
      );
    }
  });

  it('says what it cannot know, and sends back what work queues sent all the same', async () => {
    deploy('Shop', { Dead: queueNamed('Shop-BillingDeadLetterQueue-1') }, { template: 'Resources:\n  Dead: {}' });
    const { code, err, out } = await run('redrive Shop --dry-run');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('Shop-BillingDeadLetterQueue-1: 0 messages, from Shop-Billing-1'),
    ]);
    expect(err).toMatch(/its template is not JSON; only what work queues sent can go back/);
    fixture.refuse = (action) => {
      if (action === 'DescribeStackResources') throw new AwsError('AccessDenied', 'not authorized to perform it', 403);
    };
    const named = await run('redrive Shop-Billing-1 --dry-run');
    expect([named.code, named.err]).toEqual([
      0,
      expect.stringContaining('only what work queues sent can go back. AccessDenied'),
    ]);
  });

  it('does not list a queue that is gone', async () => {
    deploy('Shop', {
      Gone: ['AWS::SQS::Queue', `https://sqs.eu-west-1.amazonaws.com/${location.account}/Shop-Gone-1`],
      Dead: queueNamed('Shop-BillingDeadLetterQueue-1'),
    });
    expect((await run('redrive Shop --dry-run')).code).toBe(0);
  });

  it('waits for no other move of the same queue, and says how to end it', async () => {
    fail(2);
    const Results = [{ Status: 'RUNNING', TaskHandle: 'h-1', ApproximateNumberOfMessagesMoved: 3 }];
    fixture.call = (action, input) =>
      action === 'ListMessageMoveTasks' ? { Results } : fixture.sqs.call(action, input);
    const { code, err } = await run('redrive Shop-Billing-1 --yes');
    expect([code, err]).toEqual([1, expect.stringContaining("aws sqs cancel-message-move-task --task-handle 'h-1'")]);
  });
});
