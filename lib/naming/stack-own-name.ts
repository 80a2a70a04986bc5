import { Aws, Fn, Names } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the part of the stack's id takes, with a separator before it. */
const STACK_PART = 9;

/** Eight characters of the stack's UUID: they tell stacks of an account apart, whatever their names and regions are. */
export function stackPart(): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.select(0, Fn.split('-', uuid));
}

/** What {@link stackOwnName} takes. */
export interface StackOwnNameOptions {
  /** The longest name that the service takes. */
  readonly maxLength: number;
  /** @default - a hyphen */
  readonly separator?: '-' | '_';
}

/**
 * A readable name, in lower case, for what AWS demands a name of: the construct's path, and a part of the stack's own id. A second copy
 * of the stack in the account, and the next try after a deployment that failed and left something behind, find it free.
 */
export function stackOwnName(scope: IConstruct, { maxLength, separator = '-' }: StackOwnNameOptions): string {
  const own = Names.uniqueResourceName(scope, { maxLength: maxLength - STACK_PART, separator });
  return `${own.toLowerCase()}${separator}${stackPart()}`;
}
