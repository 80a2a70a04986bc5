import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  type BehaviorOptions,
  Distribution,
  type DistributionProps,
  HttpVersion,
  PriceClass,
  SecurityPolicyProtocol,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IDependable } from 'constructs';
import { distributionMetric } from '../monitoring/distribution-metric';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import type { AccessLogBucket } from './access-log-bucket';
import { certificateOf, type EdgeDomain, pointAt } from './edge-domain';
import { ERROR_RESPONSES } from './error-caching';
import type { Firewall } from './firewall';

/** Props of every {@link EdgeDistribution}. */
export interface EdgeDistributionProps {
  readonly stage: StageSettings;
  /**
   * The web ACL, which blocks known attacks and floods before they reach your origins. If omitted, its findings are acknowledged
   * here, and the origins have no such protection. @default - none
   */
  readonly firewall?: Firewall;
  readonly accessLogs: AccessLogBucket;
  /** @default - a name of CloudFront's */
  readonly domain?: EdgeDomain;
  /** Where in the world it answers from; fewer places cost less for each GB. @default - everywhere in prod, else North America and Europe */
  readonly priceClass?: PriceClass;
  /** What must be there before a change of the distribution, such as the function that knows a new origin secret. @default - nothing */
  readonly after?: readonly IDependable[];
}

/** What a distribution answers with: what the blocks on top of {@link EdgeDistribution} differ in. */
export interface EdgeContents extends Pick<DistributionProps, 'additionalBehaviors' | 'defaultRootObject'> {
  readonly defaultBehavior: BehaviorOptions;
}

/** Why a distribution may have none: it is left out by stages that are to cost next to nothing. */
const NO_FIREWALL =
  'A web ACL and its rules are $10 a month, more than all else of a stage for development; tokens, throttles and budgets bound what comes.';

/** A distribution, behind a firewall where it has one, with access logs, TLS 1.2 and no error kept for long. */
export abstract class EdgeDistribution extends Construct {
  readonly distribution: Distribution;
  /** Undefined without your own domain. */
  readonly certificate?: ICertificate;
  /** Your names, or else the one that CloudFront gave. */
  readonly domainNames: readonly string[];
  /** `https://` and the first name, without a slash at the end. */
  readonly url: string;

  /** @throws RefusedValueError for a name outside of its zone, or a stack that does not say its region. */
  protected constructor(
    scope: Construct,
    id: string,
    props: EdgeDistributionProps,
    contents: (scope: Construct) => EdgeContents,
  ) {
    super(scope, id);
    const { stage, domain } = props;
    this.certificate = domain === undefined ? undefined : certificateOf(this, domain);
    this.distribution = new Distribution(this, 'Distribution', {
      ...contents(this),
      errorResponses: [...ERROR_RESPONSES],
      domainNames: domain === undefined ? undefined : [...domain.names],
      certificate: this.certificate,
      // CloudFront fixes it for its own names.
      minimumProtocolVersion: domain === undefined ? undefined : SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass: props.priceClass ?? (stage.strict ? PriceClass.PRICE_CLASS_ALL : PriceClass.PRICE_CLASS_100),
      webAclId: props.firewall?.webAclArn,
      enableLogging: true,
      logBucket: props.accessLogs.destination,
      logFilePrefix: 'cloudfront/',
    });
    // It delivers logs until it is deleted: the bucket is emptied after that.
    this.distribution.node.addDependency(props.accessLogs.bucket, ...(props.after ?? []));
    this.domainNames = domain?.names ?? [this.distribution.distributionDomainName];
    this.url = `https://${this.domainNames[0]}`;
    if (domain !== undefined) pointAt(this, domain, this.distribution);
    handles(
      this.distribution,
      'cloudfront-api-not-cached',
      'cloudfront-error-caching-ttl',
      'cloudfront-fronts-everything',
      'cloudfront-tls',
      ...(props.firewall === undefined ? [] : (['waf-on-cloudfront', 'waf-not-on-http-api'] as const)),
      'logs-everywhere',
      'tls-everywhere',
    );
    acknowledge(this.distribution, {
      'AwsSolutions::AwsSolutions-CFR1':
        'It answers people everywhere; who must not reach it from somewhere is a decision of its owner, not of a pattern.',
      ...(props.firewall === undefined && {
        'AwsSolutions::AwsSolutions-CFR2': NO_FIREWALL,
        'Groundplan::Groundplan-waf-on-cloudfront': NO_FIREWALL,
      }),
      ...(this.certificate === undefined && {
        'AwsSolutions::AwsSolutions-CFR4':
          "CloudFront's own name and certificate take no other TLS policy; a domain of yours (prop domain) has TLSv1.2_2021.",
      }),
    });
  }

  /** A metric of the distribution (AWS: CloudFront, types of metrics). @default - the sum of five minutes, of rates the average */
  metric(metricName: string, options?: MetricOptions): Metric {
    return distributionMetric(this.distribution, metricName, options);
  }

  /** Requests of viewers. @default - the sum of five minutes */
  metricRequests(options?: MetricOptions): Metric {
    return this.metric('Requests', options);
  }

  /** Share of answers of 5xx, in percent. @default - the average of five minutes */
  metricServerErrorRate(options?: MetricOptions): Metric {
    return this.metric('5xxErrorRate', options);
  }
}
