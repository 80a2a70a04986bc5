import { Evaluator, type TemplateValues } from '../../lib/template/evaluator';
import { IDENTITIES, type Identity } from './resource-identities';

/** A CloudFormation template as `cdk synth` writes it. */
export interface TemplateDocument extends TemplateValues {
  readonly Resources: Readonly<Record<string, TemplateResourceDocument>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

/** One resource of a template, unresolved. */
export interface TemplateResourceDocument {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** The condition under which it is made. @default - always */
  readonly Condition?: string;
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
  private readonly evaluator: Evaluator;

  /**
   * @param others stacks that are there already, whose outputs it may read; in any region
   * @throws Error naming a resource type, attribute, intrinsic or stack that is not known here
   */
  constructor(
    private readonly document: TemplateDocument,
    readonly deployment: Deployment,
    private readonly others: readonly ResolvedTemplate[] = [],
  ) {
    this.evaluator = new Evaluator(document, {
      region: deployment.region,
      reference: (id) => this.reference(id),
      attribute: (id, attribute) => this.attribute(id, attribute),
      output: (stackName, name) => this.otherStack(stackName).output(name),
      exported: (name) => this.exported(name),
    });
    const made = Object.entries(document.Resources).filter(
      ([, { Condition }]) => Condition === undefined || this.evaluator.holds(Condition),
    );
    this.resources = new Map(
      made.map(([logicalId, { Type, Properties = {} }]) => {
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
    if (resource.Condition !== undefined && !this.evaluator.holds(resource.Condition)) {
      throw new Error(`${logicalId} is not made: its condition ${resource.Condition} does not hold`);
    }
    const identify = IDENTITIES[resource.Type];
    if (identify === undefined) throw new Error(`${logicalId}: the type ${resource.Type} is not known here`);
    if (this.resolving.has(logicalId)) throw new Error(`${logicalId} refers to itself`);
    this.resolving.add(logicalId);
    // A few identities follow from properties that name other resources.
    const naming = [
      ...['Name', 'EventBusName', 'FunctionName', 'FifoQueue', 'FifoTopic', 'StageName'],
      ...['AvailabilityZone', 'AvailabilityZoneId'],
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
    return this.evaluator.evaluate(value);
  }

  private otherStack(stackName: string): ResolvedTemplate {
    const other = this.others.find(({ deployment }) => deployment.stackName === stackName);
    if (other === undefined) throw new Error(`The stack ${stackName}, whose output is read, is not known here`);
    return other;
  }

  private exported(name: string): unknown {
    const other = this.others.find((each) => each.exporting(name) !== undefined);
    const output = other?.exporting(name);
    if (other === undefined || output === undefined) throw new Error(`No stack that is known here exports ${name}`);
    return other.output(output);
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
