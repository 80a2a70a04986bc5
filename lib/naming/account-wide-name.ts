import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** What the longest name of a region takes, with a hyphen before it. */
const REGION_LENGTH = 20;

/**
 * A name for what CloudFront knows by name in the whole account. CDK's own names do not tell regions apart, so the same stack in
 * a second region would find them taken (CDK issue 34336).
 *
 * @param id tells it from others of the same scope
 * @param maxLength that CloudFront takes
 */
export function accountWideName(scope: Construct, id: string, maxLength: number): string {
  const own = Names.uniqueResourceName(scope, { maxLength: maxLength - REGION_LENGTH - id.length - 1, separator: '-' });
  return `${own}-${id}-${Stack.of(scope).region}`;
}
