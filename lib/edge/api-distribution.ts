import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { apiBehavior } from './api-behavior';
import { EdgeDistribution, type EdgeDistributionProps } from './edge-distribution';

/** Props of {@link ApiDistribution}. */
export interface ApiDistributionProps extends EdgeDistributionProps {
  /** What answers everything: `OriginSecret.originOf(api)`, or a VPC origin. */
  readonly api: IOrigin;
}

/** CloudFront in front of an API that has no site: an HTTP API takes no firewall of its own (waf-not-on-http-api). */
export class ApiDistribution extends EdgeDistribution {
  /** @throws RefusedValueError for a name outside of its zone, or a stack that does not say its region. */
  constructor(scope: Construct, id: string, props: ApiDistributionProps) {
    super(scope, id, props, (self) => ({ defaultBehavior: apiBehavior(self, props.api, props.domain) }));
  }
}
