/** A change that a service does not take in one update. */
export interface UpdateLimit {
  readonly type: string;
  /** Whether the service takes the change of these properties. */
  refuses(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string | undefined;
  readonly fix: string;
  readonly source: string;
}

const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
const numberAt = (properties: Readonly<Record<string, unknown>>, name: string) => Number(properties[name]);

/** What services change only one by one, only so far, or not while it is in use. */
export const UPDATE_LIMITS: readonly UpdateLimit[] = [
  {
    type: 'AWS::RedshiftServerless::Workgroup',
    refuses: (before, after) => {
      const one = ['BaseCapacity', 'MaxCapacity', 'PricePerformanceTarget', 'PubliclyAccessible', 'EnhancedVpcRouting'];
      const changed = one.filter((name) => differs(before[name], after[name]));
      return changed.length > 1
        ? `Amazon Redshift Serverless changes one of ${changed.join(', ')} at a time`
        : undefined;
    },
    fix: 'Deploy the changes one after the other',
    source: 'terraform-provider-aws issues 36030, 28255',
  },
  {
    type: 'AWS::Kinesis::Stream',
    refuses: (before, after) => {
      const [old, now] = [numberAt(before, 'ShardCount'), numberAt(after, 'ShardCount')];
      if (!(old > 0) || !(now > 0) || (now <= 2 * old && 2 * now >= old)) return undefined;
      return `Kinesis changes the number of shards by a factor of two at most, and this is from ${old} to ${now}`;
    },
    fix: 'Double or halve the shards, in several deployments',
    source: 'AWS: Kinesis, UpdateShardCount',
  },
  {
    type: 'AWS::DynamoDB::Table',
    refuses: (before, after) => {
      const names = (properties: Readonly<Record<string, unknown>>) =>
        ((properties['GlobalSecondaryIndexes'] ?? []) as readonly { readonly IndexName?: unknown }[]).map((each) =>
          String(each.IndexName),
        );
      const [old, now] = [names(before), names(after)];
      const changed = [...now.filter((name) => !old.includes(name)), ...old.filter((name) => !now.includes(name))];
      return changed.length > 1
        ? `DynamoDB makes or deletes one index at a time, and these are ${changed.join(', ')}`
        : undefined;
    },
    fix: 'Deploy the indexes one after the other',
    source: 'AWS: CloudFormation, AWS::DynamoDB::Table, GlobalSecondaryIndexes',
  },
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
