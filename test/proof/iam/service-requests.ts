import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { emptierRequests } from './emptier-requests';
import { Encryption } from './encryption';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';
import { StreamRequests } from './stream-requests';
import { WarehouseRequests } from './warehouse-requests';
import { traces, workflowRequests } from './workflow-requests';

const ACCOUNT_CONTEXT = 'aws:SourceAccount';
/** What a service does with the key of an encrypted resource that it writes to. */
const USE = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** What AWS's services do in this pattern on their own or by a role, read off the template. */
export class ServiceRequests {
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly encryption = new Encryption(template),
  ) {}

  all(): AccessRequest[] {
    return [
      ...this.subscriptions(),
      ...this.rules(),
      ...this.alarms(),
      ...this.pipes(),
      ...this.mappings(),
      ...this.functions(),
      ...workflowRequests(this.template, this.encryption),
      ...this.api(),
      ...this.logGroups(),
      ...this.buses(),
      ...emptierRequests(this.template),
      ...new StreamRequests(this.template, this.encryption).all(),
      ...new WarehouseRequests(this.template, this.encryption).all(),
    ];
  }

  private get account(): string {
    return this.template.deployment.account;
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
      ...this.encryption.use(service, USE, queueArn, context),
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
                ...this.encryption.use(RoleArn, USE, Arn, {
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
        ...this.encryption.use(service, USE, topic, context),
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
        // A bus uses its key itself, by the key's policy (AWS: EventBridge, encryption key policies), a topic the sender's right.
        ...(topic ? this.encryption.use(principal, USE, target) : []),
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
      ...this.encryption.use(principal, ['kms:Decrypt'], stream),
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
      ...this.encryption.use(principal, USE, queue),
    ];
  }

  private mappings(): AccessRequest[] {
    return this.template.ofType('AWS::Lambda::EventSourceMapping').flatMap(({ properties }) => {
      const fn = this.template
        .ofType('AWS::Lambda::Function')
        .find(({ name, arn }) => [name, arn].includes(String(properties['FunctionName'])));
      const principal = roleOf(this.template, fn?.logicalId ?? '');
      const source = String(properties['EventSourceArn']);
      if (source.includes(':kinesis:')) return [];
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
        ...this.encryption.use(principal, ['kms:Decrypt'], source),
      ];
    });
  }

  /** Every function logs, and those that are told to trace. */
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
        ...(properties['TracingConfig'] === undefined ? [] : traces(principal)),
      ];
    });
  }

  private api(): AccessRequest[] {
    const { account, region } = this.template.deployment;
    return this.template.ofType('AWS::ApiGatewayV2::Route').flatMap(({ properties }) => {
      const target = String(properties['Target']).replace('integrations/', '');
      const integration = this.template.ofType('AWS::ApiGatewayV2::Integration').find(({ name }) => name === target);
      const uri = integration?.properties['IntegrationUri'];
      // Without a function behind it, it calls a service by a role of its own.
      if (uri === undefined) return [];
      const alias = this.template.ofType('AWS::Lambda::Alias').find(({ name }) => name === uri);
      const [method, path] = String(properties['RouteKey']).split(' ');
      return {
        principal: 'apigateway.amazonaws.com',
        action: 'lambda:InvokeFunction',
        resource: String(uri),
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
        ...this.encryption.use(service, [...USE, 'kms:ReEncryptFrom', 'kms:ReEncryptTo'], arn, {
          'kms:EncryptionContext:aws:events:event-bus:arn': arn,
        }),
        ...this.encryption.use(service, ['kms:DescribeKey'], arn),
        ...this.send(service, deadLetters, arn),
      ];
    });
  }

  private logGroups(): AccessRequest[] {
    const service = `logs.${this.template.deployment.region}.amazonaws.com`;
    return this.template.ofType('AWS::Logs::LogGroup').flatMap(({ arn = '' }) =>
      this.encryption.use(service, [...USE, 'kms:Encrypt'], arn, {
        'kms:EncryptionContext:aws:logs:arn': arn.replace(/:\*$/, ''),
      }),
    );
  }
}
