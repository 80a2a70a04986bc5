import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';

/** One thing that somebody does to a resource, with what AWS knows of the request. */
export interface AccessRequest {
  /** ARN of a role of the template, or a service such as `sns.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Logical id of the resource whose policy has a say. @default - none, or of a key that is not the template's, KMS's default */
  readonly policyOf?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** A statement of a role's policies in which one action is granted. */
export interface Grant {
  readonly role: string;
  readonly action: string;
  readonly resources: readonly string[];
  /** The service that the statement's key may only be used through. */
  readonly via?: string;
}

interface PolicyDocument {
  readonly Statement: readonly StatementDocument[];
}

interface StatementDocument {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals?: Readonly<Record<string, string>> };
}

/** The policies of a resolved template, and what they allow by AWS's evaluation logic. */
export class Policies {
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly account: string,
  ) {}

  /** Evaluates a request. @returns `Allowed`, or why not */
  async evaluate(request: AccessRequest): Promise<string> {
    const result = await runSimulation(
      withEncryptionContexts({
        request: {
          principal: request.principal,
          action: request.action,
          resource: { resource: request.resource, accountId: this.account },
          contextVariables: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...request.context },
        },
        identityPolicies: this.identityPolicies(request.principal),
        resourcePolicy:
          request.policyOf === undefined ? this.defaultPolicy(request) : this.resourcePolicy(request.policyOf),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      }),
      {},
    );
    if (result.resultType === 'error') return JSON.stringify(result.errors);
    return result.resultType === 'single' ? result.overallResult : result.resultType;
  }

  /** Every action that a role of the template is granted, once for each statement. */
  grants(): Grant[] {
    return this.template.ofType('AWS::IAM::Role').flatMap((role) =>
      this.policiesOf(role).flatMap(({ policy }) =>
        policy.Statement.flatMap(({ Action, Resource, Condition }) =>
          [Action].flat().map((action) => ({
            role: role.name,
            action,
            resources: [Resource].flat(),
            via: Condition?.StringEquals?.['kms:ViaService'],
          })),
        ),
      ),
    );
  }

  private identityPolicies(principal: string): { name: string; policy: PolicyDocument }[] {
    const role = this.template.ofType('AWS::IAM::Role').find(({ arn }) => arn === principal);
    return role === undefined ? [] : this.policiesOf(role);
  }

  /** A role's policies: those that name it, and its own. */
  private policiesOf({ name, properties }: ResolvedResource): { name: string; policy: PolicyDocument }[] {
    const own = (properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: PolicyDocument }[];
    const attached = this.template
      .ofType('AWS::IAM::Policy')
      .filter((policy) => (policy.properties['Roles'] as string[]).includes(name));
    return [
      ...own.map(({ PolicyName, PolicyDocument: policy }) => ({ name: PolicyName, policy })),
      ...attached.map((each) => ({
        name: each.logicalId,
        policy: each.properties['PolicyDocument'] as PolicyDocument,
      })),
    ];
  }

  /** KMS: a key's default policy lets the account's own policies decide. */
  private defaultPolicy({ action }: AccessRequest): unknown {
    if (!action.startsWith('kms:')) return undefined;
    const Principal = { AWS: `arn:aws:iam::${this.account}:root` };
    return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] };
  }

  private resourcePolicy(logicalId: string): unknown {
    const resource = this.template.resources.get(logicalId);
    if (resource === undefined) throw new Error(`The template has no ${logicalId}`);
    if (resource.type === 'AWS::KMS::Key') return resource.properties['KeyPolicy'];
    if (resource.type === 'AWS::IAM::Role') return resource.properties['AssumeRolePolicyDocument'];
    if (resource.type === 'AWS::Lambda::Alias' || resource.type === 'AWS::Lambda::Function') {
      return this.invokePermission(resource);
    }
    const holders: Record<string, string> = {
      'AWS::SQS::Queue': 'Queues',
      'AWS::SNS::Topic': 'Topics',
      'AWS::S3::Bucket': 'Bucket',
    };
    const property = holders[resource.type] ?? '';
    const policy = [...this.template.resources.values()].find(({ properties }) =>
      [properties[property]].flat().includes(resource.name),
    );
    return policy?.properties['PolicyDocument'];
  }

  /** Permissions of a function are its resource policy, written differently. */
  private invokePermission({ name }: ResolvedResource): unknown {
    const Statement = this.template
      .ofType('AWS::Lambda::Permission')
      .filter(({ properties }) => properties['FunctionName'] === name)
      .map(({ properties }) => ({
        Effect: 'Allow',
        Principal: { Service: properties['Principal'] },
        Action: properties['Action'],
        Resource: '*',
        Condition: { ArnLike: { 'aws:SourceArn': properties['SourceArn'] } },
      }));
    return { Version: '2012-10-17', Statement };
  }
}

/**
 * The simulator drops encryption contexts from its input, since it does not know their names. Writes them, on both sides,
 * as tags of the principal, which it compares in the same way.
 */
function withEncryptionContexts(simulation: Simulation): Simulation {
  const text = JSON.stringify(simulation).replace(/"kms:EncryptionContext:([^"]+)":/g, (_, name: string) => {
    return `"aws:PrincipalTag/${name.replaceAll(':', '-')}":`;
  });
  return JSON.parse(text) as Simulation;
}
