import { createHash } from 'node:crypto';
import { Aws, Fn } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A bucket's name that is known before the bucket is there, for what would close a cycle by asking the bucket itself. The stack's
 * own UUID makes it unique in the world, and anew when a stack that left its bucket behind is made again; the hash tells two
 * instances in a stack apart. At most 63 characters (Amazon S3: naming rules), 45 of which are these two.
 *
 * @param prefix lower-case letters, digits and hyphens, with a hyphen at the end; at most 18
 */
export function stackUniqueName(scope: IConstruct, prefix: string): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const instance = createHash('sha256').update(scope.node.path).digest('hex').slice(0, 8);
  return `${prefix}${stackUuid}-${instance}`;
}
