import { IDENTITIES, type Identity } from './resource-identities';

/** A CloudFormation template as `cdk synth` writes it. */
export interface TemplateDocument {
  readonly Resources: Readonly<Record<string, TemplateResourceDocument>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
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

/** A template with the values that deployment would give, so that what it wires can be run or evaluated locally. */
export class ResolvedTemplate {
  readonly resources: ReadonlyMap<string, ResolvedResource>;
  private readonly identities = new Map<string, Identity>();
  private readonly resolving = new Set<string>();

  /**
   * @param others stacks that are there already, whose outputs it may read; in any region
   * @throws Error naming a resource type, attribute, intrinsic or stack that is not known here
   */
  constructor(
    private readonly document: TemplateDocument,
    readonly deployment: Deployment,
    private readonly others: readonly ResolvedTemplate[] = [],
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

  /** An output, as another stack reads it. @throws Error for one that the template has not */
  output(name: string): unknown {
    const output = this.document.Outputs?.[name];
    if (output === undefined) throw new Error(`The stack ${this.deployment.stackName} has no output ${name}`);
    return this.resolve(output.Value);
  }

  /** Name of the output that it exports by a name, if it does. */
  exporting(name: string): string | undefined {
    const outputs = Object.entries(this.document.Outputs ?? {});
    return outputs.find(([, { Export }]) => Export !== undefined && this.resolve(Export.Name) === name)?.[0];
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
      ...['ConsumerName', 'StreamARN', 'NamespaceName', 'WorkgroupName', 'generation'],
      ...['BucketName', 'DBProxyEndpointName', 'DBProxyName', 'Domain', 'ServerlessCacheName', 'UserGroupId', 'UserId'],
      ...['GuardrailIdentifier', 'KnowledgeBaseId'],
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
      case 'Fn::GetStackOutput': {
        const { StackName, OutputName } = this.resolve(argument) as { StackName: string; OutputName: string };
        const other = this.others.find(({ deployment }) => deployment.stackName === StackName);
        if (other === undefined) throw new Error(`The stack ${StackName}, whose output is read, is not known here`);
        return other.output(OutputName);
      }
      case 'Fn::ImportValue': {
        const name = String(this.resolve(argument));
        const other = this.others.find((each) => each.exporting(name) !== undefined);
        const output = other?.exporting(name);
        if (other === undefined || output === undefined) throw new Error(`No stack that is known here exports ${name}`);
        return other.output(output);
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = this.resolve(argument) as [string, string, string];
        const value = this.document.Mappings?.[map]?.[first]?.[second];
        if (value === undefined) throw new Error(`The template maps nothing at ${map}.${first}.${second}`);
        return value;
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
