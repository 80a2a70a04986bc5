import { Fn } from 'aws-cdk-lib';

/** Two zones only are open to most accounts there (AWS: Redshift Serverless considerations). */
export const REGION_OF_TWO_ZONES = 'us-west-1';

/**
 * Zones by position and not by name, so that synth needs no look-up in an account and a stack without one gets as many, too:
 * an environment-agnostic VPC of CDK has two, whatever it is asked for (vpc-three-azs).
 */
export function zonesByPosition(count: number): string[] {
  return Array.from({ length: count }, (_, index) => Fn.select(index, Fn.getAzs()));
}
