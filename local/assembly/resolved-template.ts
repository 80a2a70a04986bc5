/** A CloudFormation template as `cdk synth` writes it. */
export interface TemplateDocument {
  readonly Resources: Readonly<Record<string, TemplateResourceDocument>>;
}

/** One resource of a template, unresolved. */
export interface TemplateResourceDocument {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** One resource with every intrinsic replaced by the value that it would have once deployed. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The physical name, or id. */
  readonly name: string;
  /** Undefined for types that have none. */
  readonly arn?: string;
  /** What else CloudFormation returns for it. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Where the template is pretended to be deployed. */
export interface Deployment {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
}

/** What CloudFormation returns for a resource: its Ref, its Arn, and further attributes. */
interface Identity {
  readonly ref: string;
  readonly arn?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

type Identify = (name: string, at: Deployment, properties: Readonly<Record<string, unknown>>) => Identity;

const arnOf =
  (service: string, separator: string): Identify =>
  (name, { account, region }) => ({ ref: name, arn: `arn:aws:${service}:${region}:${account}:${separator}${name}` });

const named: Identify = (name) => ({ ref: name });

/** Return values by type, from the CloudFormation template reference. A type that is missing is refused by name. */
const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::ApiGatewayV2::Api': (name, { region }) => ({
    ref: name,
    attributes: { ApiEndpoint: `https://${name}.execute-api.${region}.amazonaws.com` },
  }),
  'AWS::ApiGatewayV2::Authorizer': named,
  'AWS::ApiGatewayV2::Integration': named,
  'AWS::ApiGatewayV2::Route': named,
  'AWS::ApiGatewayV2::Stage': (_, __, properties) => ({ ref: String(properties['StageName']) }),
  'AWS::CloudWatch::Alarm': arnOf('cloudwatch', 'alarm:'),
  'AWS::CloudWatch::Dashboard': named,
  'AWS::Cognito::UserPool': (name, { account, region }) => {
    const ref = `${region}_${name.slice(-9)}`;
    return {
      ref,
      arn: `arn:aws:cognito-idp:${region}:${account}:userpool/${ref}`,
      attributes: { ProviderURL: `https://cognito-idp.${region}.amazonaws.com/${ref}` },
    };
  },
  'AWS::Cognito::UserPoolClient': named,
  'AWS::DynamoDB::Table': (name, at) => {
    const arn = `arn:aws:dynamodb:${at.region}:${at.account}:table/${name}`;
    return { ref: name, arn, attributes: { StreamArn: `${arn}/stream/2026-01-01T00:00:00.000` } };
  },
  'AWS::EC2::FlowLog': named,
  'AWS::EC2::RouteTable': named,
  'AWS::EC2::SecurityGroup': (name) => ({ ref: name, attributes: { GroupId: name } }),
  'AWS::EC2::Subnet': named,
  'AWS::EC2::SubnetRouteTableAssociation': named,
  'AWS::EC2::VPC': (name) => ({ ref: name, attributes: { DefaultSecurityGroup: `sg-${name}` } }),
  'AWS::Events::Archive': arnOf('events', 'archive/'),
  'AWS::Events::EventBus': (_, { account, region }, { Name }) => ({
    ref: String(Name),
    arn: `arn:aws:events:${region}:${account}:event-bus/${Name}`,
    attributes: { Name: String(Name) },
  }),
  // On a custom bus the Ref is `bus|rule`.
  'AWS::Events::Rule': (name, { account, region }, { EventBusName }) => ({
    ref: EventBusName === undefined ? name : `${EventBusName}|${name}`,
    arn: `arn:aws:events:${region}:${account}:rule/${EventBusName === undefined ? '' : `${EventBusName}/`}${name}`,
  }),
  'AWS::Athena::NamedQuery': named,
  'AWS::Athena::WorkGroup': (_, __, { Name }) => ({ ref: String(Name) }),
  'AWS::Glue::Database': named,
  'AWS::Glue::Table': named,
  'AWS::IAM::Policy': named,
  'AWS::IAM::Role': (name, { account }) => ({ ref: name, arn: `arn:aws:iam::${account}:role/${name}` }),
  'AWS::KMS::Key': arnOf('kms', 'key/'),
  'AWS::Kinesis::Stream': (name, at, { Name = name }) => arnOf('kinesis', 'stream/')(String(Name), at, {}),
  'AWS::Kinesis::StreamConsumer': (_, __, { ConsumerName, StreamARN }) => {
    const arn = `${StreamARN}/consumer/${ConsumerName}:1767225600`;
    return {
      ref: arn,
      arn,
      attributes: { ConsumerARN: arn, ConsumerName: String(ConsumerName), StreamARN: String(StreamARN) },
    };
  },
  'AWS::KinesisFirehose::DeliveryStream': arnOf('firehose', 'deliverystream/'),
  'AWS::Lambda::Alias': (_, __, { FunctionName, Name }) => ({ ref: `${functionArn(FunctionName)}:${Name}` }),
  'AWS::Lambda::EventInvokeConfig': named,
  'AWS::Lambda::EventSourceMapping': named,
  'AWS::Lambda::Function': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
  }),
  'AWS::Lambda::Permission': named,
  'AWS::Lambda::Version': (_, __, { FunctionName }) => ({
    ref: `${functionArn(FunctionName)}:1`,
    attributes: { Version: '1' },
  }),
  'AWS::Logs::LogGroup': (name, { account, region }) => ({
    ref: name,
    arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  }),
  'AWS::Logs::LogStream': named,
  'AWS::Logs::MetricFilter': named,
  'AWS::Pipes::Pipe': arnOf('pipes', 'pipe/'),
  'AWS::RedshiftServerless::Namespace': (_, __, { NamespaceName }) => ({ ref: String(NamespaceName) }),
  'AWS::RedshiftServerless::Workgroup': (name, { account, region }, { WorkgroupName }) => ({
    ref: String(WorkgroupName),
    attributes: { 'Workgroup.WorkgroupArn': `arn:aws:redshift-serverless:${region}:${account}:workgroup/${name}` },
  }),
  'AWS::S3::Bucket': (name) => ({ ref: name.toLowerCase(), arn: `arn:aws:s3:::${name.toLowerCase()}` }),
  'AWS::S3::BucketPolicy': named,
  'AWS::Scheduler::Schedule': arnOf('scheduler', 'schedule/default/'),
  'AWS::SNS::Subscription': named,
  'AWS::SNS::Topic': (name, { account, region }, { FifoTopic }) => {
    const topic = FifoTopic === true ? `${name}.fifo` : name;
    const arn = `arn:aws:sns:${region}:${account}:${topic}`;
    return { ref: arn, arn, attributes: { TopicArn: arn, TopicName: topic } };
  },
  'AWS::SNS::TopicPolicy': named,
  'AWS::SQS::Queue': (name, { account, region }, { FifoQueue }) => {
    const queue = FifoQueue === true ? `${name}.fifo` : name;
    return {
      ref: `https://sqs.${region}.amazonaws.com/${account}/${queue}`,
      arn: `arn:aws:sqs:${region}:${account}:${queue}`,
      attributes: { QueueName: queue },
    };
  },
  'AWS::SQS::QueuePolicy': named,
  'AWS::StepFunctions::StateMachine': (name, { account, region }) => {
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
    return { ref: arn, arn, attributes: { Name: name } };
  },
  'Custom::ExternalSchema': named,
  'Custom::S3AutoDeleteObjects': named,
  'Custom::VpcRestrictDefaultSG': named,
};

function functionArn(name: unknown): string {
  return String(name);
}

/** A template with the values that deployment would give, so that what it wires can be run or evaluated locally. */
export class ResolvedTemplate {
  readonly resources: ReadonlyMap<string, ResolvedResource>;
  private readonly identities = new Map<string, Identity>();
  private readonly resolving = new Set<string>();

  /** @throws Error naming a resource type, attribute or intrinsic that is not known here */
  constructor(
    private readonly document: TemplateDocument,
    readonly deployment: Deployment,
  ) {
    this.resources = new Map(
      Object.entries(document.Resources).map(([logicalId, { Type, Properties = {} }]) => {
        const { ref, arn, attributes = {} } = this.identity(logicalId);
        const properties = this.resolve(Properties) as Record<string, unknown>;
        return [logicalId, { logicalId, type: Type, name: ref, arn, attributes, properties }];
      }),
    );
  }

  /** The resources of a type. */
  ofType(type: string): ResolvedResource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** The resource that an ARN, or a function's alias or version, names. */
  byArn(arn: string): ResolvedResource | undefined {
    const bare = arn.replace(/^(arn:aws:lambda:[^:]+:[^:]+:function:[^:]+):.+$/, '$1');
    return [...this.resources.values()].find((resource) => resource.arn === bare);
  }

  private identity(logicalId: string): Identity {
    const known = this.identities.get(logicalId);
    if (known !== undefined) return known;
    const resource = this.document.Resources[logicalId];
    if (resource === undefined) throw new Error(`The template has no resource ${logicalId}`);
    const identify = IDENTITIES[resource.Type];
    if (identify === undefined) throw new Error(`${logicalId}: the type ${resource.Type} is not known here`);
    if (this.resolving.has(logicalId)) throw new Error(`${logicalId} refers to itself`);
    this.resolving.add(logicalId);
    // A few identities follow from properties that name other resources.
    const naming = [
      ...['Name', 'EventBusName', 'FunctionName', 'FifoQueue', 'FifoTopic', 'StageName'],
      ...['ConsumerName', 'StreamARN', 'NamespaceName', 'WorkgroupName'],
    ];
    const properties = Object.fromEntries(
      naming.flatMap((key) => {
        const value = resource.Properties?.[key];
        return value === undefined ? [] : [[key, this.functionReference(key, value) ?? this.resolve(value)]];
      }),
    );
    const identity = identify(`${this.deployment.stackName}-${logicalId}`, this.deployment, properties);
    this.resolving.delete(logicalId);
    this.identities.set(logicalId, identity);
    return identity;
  }

  /** Aliases and versions name their function by Ref; what they return is made of its ARN. */
  private functionReference(key: string, value: unknown): string | undefined {
    const { Ref } = (value ?? {}) as { Ref?: string };
    return key === 'FunctionName' && Ref !== undefined ? this.identity(Ref).arn : undefined;
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return this.intrinsic(key, argument);
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, this.resolve(child)]));
  }

  private intrinsic(key: string, argument: unknown): unknown {
    switch (key) {
      case 'Ref':
        return this.reference(argument as string);
      case 'Fn::GetAtt': {
        const [id, attribute] = argument as [string, string];
        return this.attribute(id, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return (this.resolve(parts) as unknown[]).map(String).join(separator);
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown];
        return (this.resolve(list) as unknown[])[Number(index)];
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.deployment.region}${zone}`);
      case 'Fn::Sub': {
        const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
          string,
          Record<string, unknown>,
        ];
        return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
          if (name in variables) return String(this.resolve(variables[name]));
          const [id = '', attribute] = name.split('.');
          return String(attribute === undefined ? this.reference(id) : this.attribute(id, attribute));
        });
      }
      default:
        throw new Error(`The intrinsic ${key} is not known here`);
    }
  }

  private reference(id: string): unknown {
    const { account, region, stackName } = this.deployment;
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::NoValue': undefined,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/1`,
      'AWS::StackName': stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return id in pseudo ? pseudo[id] : this.identity(id).ref;
  }

  private attribute(id: string, attribute: string): string {
    const { arn, attributes } = this.identity(id);
    const value = attribute === 'Arn' ? arn : attributes?.[attribute];
    if (value === undefined) {
      throw new Error(`${id}: the attribute ${attribute} of ${this.document.Resources[id]?.Type} is not known here`);
    }
    return value;
  }
}
