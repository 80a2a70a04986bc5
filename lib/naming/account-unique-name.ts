import { createHash } from 'node:crypto';
import type { IConstruct } from 'constructs';
import { stackPart } from './stack-own-name';

/**
 * A short name for what an account and region know by name. Eight characters of the stack's UUID tell stacks apart, also from a stack
 * of the same name that left something behind; the hash tells instances in a stack apart, and what replaces something from what it
 * replaces, which CloudFormation makes before it deletes the old one.
 *
 * @param prefix lower-case letters, digits and hyphens, beginning with a letter; the name is 18 characters longer
 * @param identity whatever cannot be changed without a replacement
 */
export function accountUniqueName(scope: IConstruct, prefix: string, identity: readonly unknown[] = []): string {
  const hash = createHash('sha256').update(JSON.stringify([scope.node.path, ...identity]));
  return `${prefix}-${stackPart()}-${hash.digest('hex').slice(0, 8)}`;
}
