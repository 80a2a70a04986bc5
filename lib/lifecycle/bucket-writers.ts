import { bucketsWrittenBy } from '../facts/bucket-writers';
import { isCustomResource } from '../facts/resource-types';
import { allows, listOf, type Statement, statementsIn } from '../template/policy-statements';
import type { TemplateIndex } from '../template/template-index';
import { isIntrinsic, type TemplateResource } from '../template/template-resource';
import { canonical } from './canonical';
import { alternatives, valuesAt } from './values-at';

/** What starts a function without a caller, and the paths of the properties that name the function. */
const TRIGGERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::Events::Rule', ['Targets']],
  ['AWS::IoT::TopicRule', ['TopicRulePayload.Actions']],
  ['AWS::Lambda::EventSourceMapping', ['FunctionName']],
  ['AWS::Logs::SubscriptionFilter', ['DestinationArn']],
  ['AWS::Pipes::Pipe', ['Target', 'Enrichment']],
  ['AWS::Scheduler::Schedule', ['Target']],
  ['AWS::SNS::Subscription', ['Endpoint']],
]);

/** Policies of AWS that allow all of S3, by the end of their ARNs (AWS: managed policy reference). */
const WIDE_POLICIES = /:policy\/(AdministratorAccess|PowerUserAccess|AmazonS3FullAccess)$/;

/** Custom resources that are known to empty a bucket when they are deleted: the CDK's, and those that say so. */
const EMPTIES = /^Custom::.*(AutoDelete|Empt)/;
/** Those that delete what they put there themselves, and nothing else (aws-cdk-lib/aws-s3-deployment). */
const EMPTIES_NOT = /^Custom::(CDKBucketDeployment|S3BucketNotifications)$/;

/** What may do something with a bucket. */
interface Access {
  /** For certain. */
  readonly sure: readonly TemplateResource[];
  /** As far as its permissions go: what it does, its own code decides. */
  readonly possible: readonly TemplateResource[];
}

/** Who writes into the buckets of templates, and who empties them. */
export class BucketAccess {
  private readonly services = new Map<TemplateResource, Set<TemplateResource>>();
  private readonly emptiers = new Map<TemplateResource, Set<TemplateResource>>();
  private readonly customs = new Map<TemplateResource, Set<TemplateResource>>();
  private readonly triggersOf = new Map<TemplateResource, Set<TemplateResource>>();
  private readonly functionsOf = new Map<TemplateResource, Set<TemplateResource>>();
  private readonly putters: Permissions;
  private readonly deleters: Permissions;

  constructor(private readonly index: TemplateIndex) {
    for (const each of index.resources) {
      for (const path of bucketsWrittenBy(each.type)) {
        for (const value of valuesAt(each.properties, path)) this.collect(this.services, each, value);
      }
      if (EMPTIES.test(each.type)) this.collect(this.emptiers, each, each.properties);
      else if (isCustomResource(each.type)) this.collect(this.customs, each, each.properties);
      for (const path of TRIGGERS.get(each.type) ?? []) {
        this.collect(this.triggersOf, each, valuesAt(each.properties, path));
      }
    }
    this.startAliases();
    for (const each of index.ofType('AWS::Lambda::Function')) {
      this.collect(this.functionsOf, each, each.properties['Role']);
    }
    this.putters = new Permissions(index, 's3:PutObject');
    this.deleters = new Permissions(index, 's3:DeleteObject');
  }

  /** What goes on writing into a bucket until it is deleted itself: services that deliver into it, and what starts functions that do. */
  writersOf(bucket: TemplateResource): Access {
    const services = [...(this.services.get(bucket) ?? [])].filter((each) => each !== bucket);
    const sure = new Set([...services, ...this.startersOf(this.putters.rolesFor(bucket))]);
    const possible = new Set(this.startersOf(this.putters.rolesForAll));
    return { sure: [...sure], possible: [...possible].filter((each) => !sure.has(each)) };
  }

  /** The custom resources that empty a bucket when they are deleted. */
  emptiersOf(bucket: TemplateResource): Access {
    const roles = new Set([...this.deleters.rolesFor(bucket), ...this.deleters.rolesForAll]);
    const possible = [...(this.customs.get(bucket) ?? [])].filter((custom) => {
      if (EMPTIES_NOT.test(custom.type)) return false;
      const code = this.index.referent(custom, custom.properties['ServiceToken']);
      // Without its function among the templates, what it may do is not known.
      if (code?.type !== 'AWS::Lambda::Function') return true;
      // The CDK's provider framework calls the function that its environment names.
      const called = [...this.index.references(code, code.properties['Environment'])].map(({ resource }) => resource);
      const functions = [code, ...called.filter(({ type }) => type === 'AWS::Lambda::Function')];
      return functions.some((fn) =>
        [...this.index.references(fn, fn.properties['Role'])].some(({ resource }) => roles.has(resource)),
      );
    });
    return { sure: [...(this.emptiers.get(bucket) ?? [])], possible };
  }

  private startersOf(roles: Iterable<TemplateResource>): readonly TemplateResource[] {
    const functions = [...roles].flatMap((role) => [...(this.functionsOf.get(role) ?? [])]);
    return functions.flatMap((fn) => [...(this.triggersOf.get(fn) ?? [])]);
  }

  /** What starts an alias or a version starts its function. */
  private startAliases(): void {
    for (const each of this.index.ofType('AWS::Lambda::Version', 'AWS::Lambda::Alias')) {
      const fn = this.index.referent(each, each.properties['FunctionName']);
      const starters = this.triggersOf.get(each) ?? [];
      if (fn !== undefined) for (const starter of starters) add(this.triggersOf, fn, starter);
    }
  }

  /** Notes who names a resource. */
  private collect(into: Map<TemplateResource, Set<TemplateResource>>, from: TemplateResource, value: unknown): void {
    for (const { resource } of this.index.references(from, value)) add(into, resource, from);
  }
}

/** What the ARN of a bucket begins with, as {@link nameText} has it. */
const ARN = /^arn:(\$\{AWS::Partition\}|[^:]*):s3:::/;

/** Which roles may do something with the objects of which buckets. */
class Permissions {
  /** Roles that may do it in every bucket. */
  readonly rolesForAll = new Set<TemplateResource>();
  private readonly roles = new Map<TemplateResource, Set<TemplateResource>>();
  /** Buckets by the names that templates give to them. */
  private readonly named: ReadonlyMap<string, TemplateResource>;

  constructor(
    private readonly index: TemplateIndex,
    private readonly action: string,
  ) {
    const buckets = index.ofType('AWS::S3::Bucket').filter(({ properties }) => properties['BucketName'] !== undefined);
    this.named = new Map(buckets.map((each) => [nameText(each.properties['BucketName']), each]));
    for (const role of index.ofType('AWS::IAM::Role')) {
      for (const policy of listOf(role.properties['Policies'])) {
        this.grant(role, [role], (policy as { readonly PolicyDocument?: unknown } | null)?.PolicyDocument);
      }
      for (const arn of listOf(role.properties['ManagedPolicyArns'])) {
        if (WIDE_POLICIES.test(nameText(arn))) this.rolesForAll.add(role);
        for (const { resource } of index.references(role, arn)) {
          this.grant(resource, [role], resource.properties['PolicyDocument']);
        }
      }
    }
    for (const policy of index.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')) {
      const { Roles, RoleName, PolicyDocument } = policy.properties;
      const roles = [...index.references(policy, [Roles, RoleName])].map(({ resource }) => resource);
      this.grant(policy, roles, PolicyDocument);
    }
    for (const policy of index.ofType('AWS::S3::BucketPolicy')) this.grantByBucket(policy);
  }

  rolesFor(bucket: TemplateResource): ReadonlySet<TemplateResource> {
    return this.roles.get(bucket) ?? new Set();
  }

  private grant(from: TemplateResource, roles: readonly TemplateResource[], document: unknown): void {
    for (const each of statementsOf(document)) {
      for (const statement of statementsIn({ Statement: each })) {
        if (!allows(statement, this.action)) continue;
        if (isForAll(statement)) for (const role of roles) this.rolesForAll.add(role);
        const buckets = statement.resources.flatMap((arn) => [...this.bucketsIn(from, arn)]);
        for (const bucket of buckets) for (const role of roles) add(this.roles, bucket, role);
      }
    }
  }

  /** A bucket's own policy names the roles. */
  private grantByBucket(policy: TemplateResource): void {
    const buckets = [...this.index.references(policy, policy.properties['Bucket'])].map(({ resource }) => resource);
    for (const each of statementsOf(policy.properties['PolicyDocument'])) {
      if (!statementsIn({ Statement: each }).some((statement) => allows(statement, this.action))) continue;
      const { Principal } = each as { readonly Principal?: unknown };
      for (const { resource } of this.index.references(policy, Principal)) {
        for (const bucket of buckets) add(this.roles, bucket, resource);
      }
    }
  }

  private *bucketsIn(from: TemplateResource, arn: unknown): Generator<TemplateResource> {
    for (const { resource } of this.index.references(from, arn)) {
      if (resource.type === 'AWS::S3::Bucket') yield resource;
    }
    // An ARN that is made of the name that the template gives to a bucket, not of a reference to it.
    const bucket = this.named.get(nameText(arn).replace(ARN, '').replace(/\/.*$/s, ''));
    if (bucket !== undefined) yield bucket;
  }
}

/** The statements of a policy, each that a condition may choose. */
function statementsOf(document: unknown): readonly unknown[] {
  return valuesAt(document, 'Statement').flatMap(alternatives);
}

function isForAll({ resources, inverted }: Statement): boolean {
  return (
    inverted.includes('NotResource') ||
    resources.map(nameText).some((each) => each === '*' || (ARN.test(each) && each.replace(ARN, '').startsWith('*')))
  );
}

/** A text with what stands in it for itself: names that are written alike are alike. */
function nameText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isIntrinsic(value)) return canonical(value);
  const [[key, argument] = ['', undefined]] = Object.entries(value);
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map(nameText).join(String(argument[0]));
  }
  if (key === 'Ref') return `\${${String(argument)}}`;
  return key === 'Fn::Sub' && typeof argument === 'string' ? argument : canonical(value);
}

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const found = sets.get(key);
  if (found === undefined) sets.set(key, new Set([value]));
  else found.add(value);
}
