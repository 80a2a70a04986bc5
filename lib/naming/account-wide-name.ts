import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackPart } from './stack-own-name';

/** What the part of the stack's id takes, with a hyphen before it. */
const STACK_PART = 9;

/**
 * A name for what CloudFront knows by name in the whole account. CDK's own names do not tell regions and stacks apart, so that the same
 * stack in a second region, or under a second name, would find them taken (CDK issue 34336).
 *
 * @param id tells it from others of the same scope
 * @param maxLength that CloudFront takes
 */
export function accountWideName(scope: Construct, id: string, maxLength: number): string {
  const own = Names.uniqueResourceName(scope, { maxLength: maxLength - STACK_PART - id.length - 1, separator: '-' });
  return `${own}-${id}-${stackPart()}`;
}
