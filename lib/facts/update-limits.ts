import { CannotTell, isIntrinsic } from '../template/template-resource';

type Properties = Readonly<Record<string, unknown>>;

/** A change that a service does not take in one update. */
export interface UpdateLimit {
  readonly type: string;
  /**
   * Why the service refuses the change of these properties; undefined where it takes it.
   *
   * @throws CannotTell where only deployment knows what changes
   */
  refuses(before: Properties, after: Properties): string | undefined;
  readonly fix: string;
  readonly source: string;
}

/** Whether two values are not the same; CloudFormation takes numbers and switches as text, too. */
const differs = (a: unknown, b: unknown) => text(a) !== text(b);
const text = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' || typeof each === 'boolean' ? String(each) : each,
  );

/** A number that is set; NaN for one that is not. @throws CannotTell for an intrinsic */
function numberAt(properties: Properties, name: string): number {
  const value = properties[name];
  if (isIntrinsic(value)) throw new CannotTell(`${name} is known only at deployment`);
  return Number(value);
}

interface Index {
  readonly IndexName?: unknown;
  readonly KeySchema?: unknown;
  readonly Projection?: unknown;
}

/** The indexes of a table by name. @throws CannotTell where only deployment knows them */
function indexesOf(properties: Properties): ReadonlyMap<string, Index> {
  const indexes = properties['GlobalSecondaryIndexes'] ?? [];
  const list = Array.isArray(indexes) ? (indexes as readonly unknown[]) : [{ 'Fn::If': indexes }];
  return new Map(
    list.map((each) => {
      const { IndexName } = (each ?? {}) as Index;
      if (typeof IndexName !== 'string') throw new CannotTell('the indexes are known only at deployment');
      return [IndexName, each as Index];
    }),
  );
}

const INDEXES: Pick<UpdateLimit, 'refuses' | 'fix' | 'source'> = {
  refuses: (before, after) => {
    if (!differs(before['GlobalSecondaryIndexes'], after['GlobalSecondaryIndexes'])) return undefined;
    const [old, now] = [indexesOf(before), indexesOf(after)];
    const changed = [
      ...[...now.keys()].filter((name) => !old.has(name)),
      ...[...old.keys()].filter((name) => !now.has(name)),
    ];
    if (changed.length > 1) {
      return `DynamoDB makes or deletes one index at a time, and these are ${changed.join(', ')}`;
    }
    const [other] = [...now].filter(([name, each]) => {
      const known = old.get(name);
      return known && (differs(known.KeySchema, each.KeySchema) || differs(known.Projection, each.Projection));
    });
    return other && `DynamoDB does not change the keys or the projection of an index, and ${other[0]} keeps its name`;
  },
  fix: 'Deploy the indexes one after the other, a changed one under another name',
  source: 'AWS: CloudFormation, AWS::DynamoDB::Table, GlobalSecondaryIndexes',
};

/** What services change only one by one, only so far, or not while it is in use. */
export const UPDATE_LIMITS: readonly UpdateLimit[] = [
  {
    type: 'AWS::RedshiftServerless::Workgroup',
    refuses: (before, after) => {
      const one = ['BaseCapacity', 'MaxCapacity', 'PricePerformanceTarget', 'PubliclyAccessible', 'EnhancedVpcRouting'];
      const changed = one.filter((name) => differs(before[name], after[name]));
      return changed.length > 1
        ? `Amazon Redshift Serverless changes one setting at a time, and these are ${changed.join(', ')}`
        : undefined;
    },
    fix: 'Deploy the changes one after the other',
    source: 'terraform-provider-aws issues 36030, 28255',
  },
  {
    type: 'AWS::Kinesis::Stream',
    refuses: (before, after) => {
      if (!differs(before['ShardCount'], after['ShardCount'])) return undefined;
      const [old, now] = [numberAt(before, 'ShardCount'), numberAt(after, 'ShardCount')];
      if (!(old > 0) || !(now > 0) || (now <= 2 * old && 2 * now >= old)) return undefined;
      return `Kinesis changes the number of shards by a factor of two at most, and this is from ${old} to ${now}`;
    },
    fix: 'Double or halve the shards, in several deployments',
    source: 'AWS: Kinesis, UpdateShardCount',
  },
  { type: 'AWS::DynamoDB::Table', ...INDEXES },
  { type: 'AWS::DynamoDB::GlobalTable', ...INDEXES },
  {
    type: 'AWS::CloudFront::VpcOrigin',
    refuses: (before, after) =>
      differs(before, after)
        ? 'CloudFront does not change a VPC origin while a distribution uses it, tags included'
        : undefined,
    fix: 'Make a second VPC origin, move the distribution to it, and delete the first',
    source: 'aws-cdk issues 34629, 35765',
  },
];
