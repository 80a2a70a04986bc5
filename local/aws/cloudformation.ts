import { optionalText, text, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';

/** A deployed stack. */
export interface LocalStack {
  readonly name: string;
  /** The template as it was deployed. */
  readonly template: object | string;
  /** Its resources, by logical id: their type and what CloudFormation calls them. */
  readonly resources: Readonly<Record<string, { readonly type: string; readonly physicalId: string }>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  /** Name of the stack that it is nested in, and of the outermost one. */
  readonly parent?: string;
}

/** Resources in one answer. AWS says only that an answer ends at 1 MB; this many were seen. */
const PAGE = 100;

/** What an operator asks of CloudFormation: the resources, the template, and the outputs of stacks that are there. */
export class LocalCloudFormation implements LocalService {
  private readonly stacks: LocalStack[] = [];

  constructor(private readonly location: Location) {}

  /** Deploys a stack, in place of an earlier one of the name. @returns its ARN */
  add(stack: LocalStack): string {
    const earlier = this.stacks.findIndex(({ name }) => name === stack.name);
    this.stacks.splice(earlier === -1 ? this.stacks.length : earlier, 1, stack);
    return this.id(stack.name);
  }

  /** The ARN of a stack, whether it is there or not. */
  id(name: string): string {
    const { account, region } = this.location;
    return `arn:aws:cloudformation:${region}:${account}:stack/${name}/00000000-0000-4000-8000-000000000000`;
  }

  call(action: string, input: LocalInput): LocalInput {
    switch (action) {
      case 'ListStackResources':
        return this.list(input);
      case 'DescribeStackResources':
        return { StackResources: this.described(input) };
      case 'DescribeStacks':
        return { Stacks: [this.stack(this.named(text(input, 'StackName')))] };
      case 'GetTemplate': {
        const { template } = this.named(text(input, 'StackName'));
        return { TemplateBody: typeof template === 'string' ? template : JSON.stringify(template) };
      }
      default:
        throw unsupported(action);
    }
  }

  private named(name: string): LocalStack {
    const found = this.stacks.find((stack) => stack.name === name || this.id(stack.name) === name);
    if (found === undefined) throw missing(`Stack with id ${name} does not exist`);
    return found;
  }

  private list(input: LocalInput): LocalInput {
    const all = Object.entries(this.named(text(input, 'StackName')).resources);
    const from = Number(optionalText(input, 'NextToken') ?? 0);
    return {
      StackResourceSummaries: all.slice(from, from + PAGE).map(([LogicalResourceId, { type, physicalId }]) => ({
        LogicalResourceId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        LastUpdatedTimestamp: '2026-01-01T00:00:00.000Z',
        ResourceStatus: 'CREATE_COMPLETE',
      })),
      ...(from + PAGE < all.length && { NextToken: String(from + PAGE) }),
    };
  }

  /** All resources of a stack, or of the stack that a resource belongs to (AWS: API_DescribeStackResources). */
  private described(input: LocalInput): LocalInput[] {
    const [name, physicalId] = [optionalText(input, 'StackName'), optionalText(input, 'PhysicalResourceId')];
    if ((name === undefined) === (physicalId === undefined)) {
      throw new AwsError('ValidationError', 'Either StackName or PhysicalResourceId must be specified, not both');
    }
    const stack =
      name === undefined
        ? this.stacks.find(({ resources }) => Object.values(resources).some((each) => each.physicalId === physicalId))
        : this.named(name);
    if (stack === undefined) throw missing(`Stack for ${physicalId} does not exist`);
    return Object.entries(stack.resources)
      .slice(0, PAGE)
      .map(([LogicalResourceId, { type, physicalId: PhysicalResourceId }]) => ({
        StackName: stack.name,
        StackId: this.id(stack.name),
        LogicalResourceId,
        PhysicalResourceId,
        ResourceType: type,
        Timestamp: '2026-01-01T00:00:00.000Z',
        ResourceStatus: 'CREATE_COMPLETE',
      }));
  }

  private stack(stack: LocalStack): LocalInput {
    const { name, parameters = {}, outputs = {}, parent } = stack;
    const root = this.rootOf(stack);
    return {
      StackName: name,
      StackId: this.id(name),
      CreationTime: '2026-01-01T00:00:00.000Z',
      StackStatus: 'CREATE_COMPLETE',
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      ...(parent !== undefined && { ParentId: this.id(parent), RootId: this.id(root) }),
    };
  }

  private rootOf({ name, parent }: LocalStack): string {
    return parent === undefined ? name : this.rootOf(this.named(parent));
  }
}

/** CloudFormation has no code of its own for what does not exist. */
function missing(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
