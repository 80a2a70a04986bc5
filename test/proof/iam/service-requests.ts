import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';

const ACCOUNT_CONTEXT = 'aws:SourceAccount';

/** What AWS's services do in this pattern on their own or by a role, read off the template. */
export class ServiceRequests {
  constructor(private readonly template: ResolvedTemplate) {}

  all(): AccessRequest[] {
    return [
      ...this.subscriptions(),
      ...this.rules(),
      ...this.alarms(),
      ...this.pipes(),
      ...this.mappings(),
      ...this.functions(),
      ...this.stateMachines(),
      ...this.api(),
      ...this.logGroups(),
      ...this.buses(),
    ];
  }

  private get account(): string {
    return this.template.deployment.account;
  }

  private get key(): ResolvedResource {
    const [key] = this.template.ofType('AWS::KMS::Key');
    if (key === undefined) throw new Error('The template has no key');
    return key;
  }

  private useKey(principal: string, actions: readonly string[], context: Record<string, string>): AccessRequest[] {
    const { arn: resource = '', logicalId: policyOf } = this.key;
    return actions.map((action) => ({ principal, action, resource, policyOf, context }));
  }

  /** A service sends to an encrypted queue: the queue's policy and the key's both have a say. */
  private send(service: string, queueArn: string, sourceArn: string): AccessRequest[] {
    const context = { 'aws:SourceArn': sourceArn, [ACCOUNT_CONTEXT]: this.account };
    return [
      {
        principal: service,
        action: 'sqs:SendMessage',
        resource: queueArn,
        policyOf: this.template.byArn(queueArn)?.logicalId,
        context,
      },
      ...this.useKey(service, ['kms:Decrypt', 'kms:GenerateDataKey'], context),
    ];
  }

  private subscriptions(): AccessRequest[] {
    return this.template.ofType('AWS::SNS::Subscription').flatMap(({ properties }) => {
      if (properties['Protocol'] !== 'sqs') return [];
      const { deadLetterTargetArn } = properties['RedrivePolicy'] as { deadLetterTargetArn: string };
      return [String(properties['Endpoint']), deadLetterTargetArn].flatMap((queue) =>
        this.send('sns.amazonaws.com', queue, String(properties['TopicArn'])),
      );
    });
  }

  private rules(): AccessRequest[] {
    return this.template.ofType('AWS::Events::Rule').flatMap(({ arn = '', properties }) =>
      (properties['Targets'] as { Arn: string; RoleArn?: string; DeadLetterConfig: { Arn: string } }[]).flatMap(
        ({ Arn, RoleArn, DeadLetterConfig }) => [
          ...this.send('events.amazonaws.com', DeadLetterConfig.Arn, arn),
          ...(RoleArn === undefined
            ? this.send('events.amazonaws.com', Arn, arn)
            : [
                { principal: RoleArn, action: 'states:StartExecution', resource: Arn },
                ...this.useKey(RoleArn, ['kms:Decrypt', 'kms:GenerateDataKey'], {
                  'kms:EncryptionContext:aws:states:stateMachineArn': Arn,
                }),
              ]),
        ],
      ),
    );
  }

  private alarms(): AccessRequest[] {
    const service = 'cloudwatch.amazonaws.com';
    return this.template.ofType('AWS::CloudWatch::Alarm').flatMap(({ arn = '', properties }) => {
      const [topic = ''] = properties['AlarmActions'] as string[];
      const context = { 'aws:SourceArn': arn, [ACCOUNT_CONTEXT]: this.account };
      return [
        {
          principal: service,
          action: 'sns:Publish',
          resource: topic,
          policyOf: this.template.byArn(topic)?.logicalId,
          context,
        },
        ...this.useKey(service, ['kms:Decrypt', 'kms:GenerateDataKey'], context),
      ];
    });
  }

  private pipes(): AccessRequest[] {
    return this.template.ofType('AWS::Pipes::Pipe').flatMap(({ properties }) => {
      const principal = String(properties['RoleArn']);
      const { DynamoDBStreamParameters } = properties['SourceParameters'] as {
        DynamoDBStreamParameters: { DeadLetterConfig: { Arn: string } };
      };
      const target = String(properties['Target']);
      const topic = target.includes(':sns:');
      const enrichment = properties['Enrichment'];
      return [
        ...this.readStream(principal, String(properties['Source'])),
        ...this.deadLetter(principal, DynamoDBStreamParameters.DeadLetterConfig.Arn),
        {
          principal,
          action: topic ? 'sns:Publish' : 'events:PutEvents',
          resource: target,
          policyOf: topic ? this.template.byArn(target)?.logicalId : undefined,
        },
        ...this.useKey(principal, ['kms:Decrypt', 'kms:GenerateDataKey'], {}),
        ...(enrichment === undefined
          ? []
          : [{ principal, action: 'lambda:InvokeFunction', resource: String(enrichment) }]),
      ];
    });
  }

  private readStream(principal: string, stream: string): AccessRequest[] {
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator'];
    return [
      ...actions.map((action) => ({ principal, action: `dynamodb:${action}`, resource: stream })),
      ...this.useKey(principal, ['kms:Decrypt'], {}),
    ];
  }

  private deadLetter(principal: string, queue: string): AccessRequest[] {
    return [
      {
        principal,
        action: 'sqs:SendMessage',
        resource: queue,
        policyOf: this.template.byArn(queue)?.logicalId,
      },
      ...this.useKey(principal, ['kms:Decrypt', 'kms:GenerateDataKey'], {}),
    ];
  }

  private mappings(): AccessRequest[] {
    return this.template.ofType('AWS::Lambda::EventSourceMapping').flatMap(({ properties }) => {
      const fn = this.template
        .ofType('AWS::Lambda::Function')
        .find(({ name, arn }) => [name, arn].includes(String(properties['FunctionName'])));
      const principal = roleOf(this.template, fn?.logicalId ?? '');
      const source = String(properties['EventSourceArn']);
      if (!source.includes(':sqs:')) {
        const { OnFailure } = properties['DestinationConfig'] as { OnFailure: { Destination: string } };
        return [...this.readStream(principal, source), ...this.deadLetter(principal, OnFailure.Destination)];
      }
      const policyOf = this.template.byArn(source)?.logicalId;
      return [
        ...['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((action) => ({
          principal,
          action: `sqs:${action}`,
          resource: source,
          policyOf,
        })),
        ...this.useKey(principal, ['kms:Decrypt'], {}),
      ];
    });
  }

  /** Every function logs and traces. */
  private functions(): AccessRequest[] {
    return this.template.ofType('AWS::Lambda::Function').flatMap(({ logicalId, properties }) => {
      const logGroup = (properties['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup;
      // CDK's own function has a role of its own making, with AWS's managed policy.
      if (logGroup === undefined || properties['Environment'] === undefined) return [];
      const principal = roleOf(this.template, logicalId);
      const { account, region } = this.template.deployment;
      const stream = `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:2026/01/01/1`;
      return [
        // Both are checked against the stream, as the error of a role without them says.
        ...['CreateLogStream', 'PutLogEvents'].map((action) => ({
          principal,
          action: `logs:${action}`,
          resource: stream,
        })),
        ...traces(principal),
      ];
    });
  }

  private stateMachines(): AccessRequest[] {
    return this.template.ofType('AWS::StepFunctions::StateMachine').flatMap(({ arn = '', properties }) => {
      const principal = String(properties['RoleArn']);
      const dynamodb = { 'kms:ViaService': `dynamodb.${this.template.deployment.region}.amazonaws.com` };
      return [
        ...writesOf(String(properties['DefinitionString'])).map(([action, table]) => ({
          principal,
          action: `dynamodb:${action}`,
          resource: this.template.ofType('AWS::DynamoDB::Table').find(({ name }) => name === table)?.arn ?? '',
        })),
        ...this.useKey(principal, ['kms:Decrypt'], dynamodb),
        ...this.useKey(principal, ['kms:Decrypt', 'kms:GenerateDataKey'], {
          'kms:EncryptionContext:aws:states:stateMachineArn': arn,
        }),
        ...this.useKey(principal, ['kms:GenerateDataKey'], {
          'kms:EncryptionContext:SourceArn': `arn:aws:logs:${this.template.deployment.region}:${this.account}:*`,
        }),
        ...this.useKey('delivery.logs.amazonaws.com', ['kms:Decrypt'], {}),
        ...LOG_DELIVERY.map((action) => ({ principal, action: `logs:${action}`, resource: '*' })),
        ...traces(principal),
        ...['GetSamplingRules', 'GetSamplingTargets'].map((action) => ({
          principal,
          action: `xray:${action}`,
          resource: '*',
        })),
      ];
    });
  }

  private api(): AccessRequest[] {
    const { account, region } = this.template.deployment;
    return this.template.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
      const target = String(properties['Target']).replace('integrations/', '');
      const integration = this.template.ofType('AWS::ApiGatewayV2::Integration').find(({ name }) => name === target);
      const uri = String(integration?.properties['IntegrationUri']);
      const alias = this.template.ofType('AWS::Lambda::Alias').find(({ name }) => name === uri);
      const [method, path] = String(properties['RouteKey']).split(' ');
      return {
        principal: 'apigateway.amazonaws.com',
        action: 'lambda:InvokeFunction',
        resource: uri,
        policyOf: alias?.logicalId,
        context: {
          'aws:SourceArn': `arn:aws:execute-api:${region}:${account}:${String(properties['ApiId'])}/$default/${method}${path}`,
        },
      };
    });
  }

  private buses(): AccessRequest[] {
    const service = 'events.amazonaws.com';
    return this.template.ofType('AWS::Events::EventBus').flatMap(({ arn = '', properties }) => {
      const deadLetters = (properties['DeadLetterConfig'] as { Arn: string }).Arn;
      return [
        ...this.useKey(service, ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'], {
          'kms:EncryptionContext:aws:events:event-bus:arn': arn,
        }),
        ...this.useKey(service, ['kms:DescribeKey'], {}),
        ...this.send(service, deadLetters, arn),
      ];
    });
  }

  private logGroups(): AccessRequest[] {
    const service = `logs.${this.template.deployment.region}.amazonaws.com`;
    return this.template.ofType('AWS::Logs::LogGroup').flatMap(({ arn = '' }) =>
      this.useKey(service, ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'], {
        'kms:EncryptionContext:aws:logs:arn': arn.replace(/:\*$/, ''),
      }),
    );
  }
}

/** Step Functions: permissions to log to CloudWatch Logs. */
const LOG_DELIVERY = [
  'CreateLogDelivery',
  'DeleteLogDelivery',
  'DescribeLogGroups',
  'DescribeResourcePolicies',
  'GetLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'UpdateLogDelivery',
];

function traces(principal: string): AccessRequest[] {
  return ['PutTelemetryRecords', 'PutTraceSegments'].map((action) => ({
    principal,
    action: `xray:${action}`,
    resource: '*',
  }));
}

/** Writes that a state machine's tasks make, each action on each table once. */
function writesOf(definition: string): [string, string][] {
  const found = new Set<string>();
  const visit = (value: unknown, action: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { TableName } = value as { TableName?: string };
    if (TableName !== undefined) found.add(`${action} ${TableName}`);
    for (const [key, child] of Object.entries(value)) {
      visit(child, ['Put', 'Update', 'Delete'].includes(key) ? `${key}Item` : action);
    }
  };
  const { States } = JSON.parse(definition) as { States: Record<string, { Resource?: string; Arguments?: unknown }> };
  for (const { Resource = '', Arguments } of Object.values(States)) {
    const call = Resource.split(':').pop() ?? '';
    visit(Arguments, call.charAt(0).toUpperCase() + call.slice(1));
  }
  return [...found].map((each) => each.split(' ') as [string, string]);
}
