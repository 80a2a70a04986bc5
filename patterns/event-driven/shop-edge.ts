import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, type IDependable } from 'constructs';
import { AccessLogBucket } from '../../lib/edge/access-log-bucket';
import { ApiDistribution } from '../../lib/edge/api-distribution';
import type { EdgeDomain } from '../../lib/edge/edge-domain';
import { Firewall } from '../../lib/edge/firewall';
import type { FirewallLists } from '../../lib/edge/firewall-lists';
import { OriginSecret } from '../../lib/edge/origin-secret';
import type { StageSettings } from '../../lib/stage/stage';

/** How the edge in front of the API is. */
export interface ShopEdgeOptions extends FirewallLists {
  /** Your own domain names, such as `orders.example.com`, and their hosted zone. @default - a name of CloudFront */
  readonly domain?: EdgeDomain;
  /** ARN of a web ACL of yours, of scope CLOUDFRONT. @default - a new one, in us-east-1 */
  readonly webAclArn?: string;
  /** Raise it, and the next deployment changes what CloudFront shows to the API. @default 1 */
  readonly secretGeneration?: number;
}

/** Props of {@link ShopEdge}. */
export interface ShopEdgeProps extends ShopEdgeOptions {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/**
 * CloudFront and a firewall in front of the orders API, which an HTTP API cannot have by itself (waf-not-on-http-api). The API's
 * own address stays, and answers 403 to what does not come from the distribution.
 */
export class ShopEdge extends Construct {
  readonly secret: OriginSecret;
  readonly accessLogs: AccessLogBucket;
  readonly firewall: Firewall;

  /** @throws RefusedValueError for a stack that does not say its region, or a web ACL of another scope. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ShopEdgeProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, secretGeneration: generation, webAclArn: existing, domain: _, ...lists } = props;
    this.secret = new OriginSecret(this, 'Secret', { stage, encryptionKey, generation });
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', { stage });
    this.firewall = new Firewall(this, 'Firewall', { ...lists, stage, logs: this.accessLogs, existing });
  }

  /** @param after what knows the secret's hashes: it must, before the distribution sends another value */
  front(api: IHttpApi, after: readonly IDependable[]): ApiDistribution {
    const { stage, domain } = this.props;
    return new ApiDistribution(this, 'Api', {
      stage,
      domain,
      after,
      api: this.secret.originOf(api),
      firewall: this.firewall,
      accessLogs: this.accessLogs,
    });
  }
}
