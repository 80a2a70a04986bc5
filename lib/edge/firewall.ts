import { Names, Token } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import type { AccessLogBucket } from './access-log-bucket';
import { EDGE_REGION, edgeScope } from './edge-region';
import { type FirewallLists, type ListRule, listRules, refuseLists } from './firewall-lists';

/** Props of {@link Firewall}. */
export interface FirewallProps extends FirewallLists {
  readonly stage: StageSettings;
  readonly logs: AccessLogBucket;
  /**
   * Requests that one address may make in 5 minutes: 10 to 2,000,000,000 for AWS WAF, more than 2,000 is refused here
   * (waf-rate-rule). @default 2000
   */
  readonly requestsPerFiveMinutes?: number;
  /**
   * What the rules do that look for HTML, SQL, paths and URLs in the bodies of requests. `count`: nothing but a metric, for an API that takes
   * free text, in which they find attacks that are none ("select the best of ..."): it must treat bodies as data (parameters of SQL, escaped
   * HTML). Paths, queries, headers and cookies are looked at in any case, and bodies for what exploits Java and Log4j. Not with `existing`.
   * @default 'block'
   */
  readonly bodyRules?: 'block' | 'count';
  /** ARN of your own web ACL of scope CLOUDFRONT; you configure its rules and logging. @default - a new one */
  readonly existing?: string;
}

/** Guide 349: the first line against floods. */
const MAX_RATE = 2000;
/** The least that AWS WAF counts to (AWS WAF: rate-based rule settings). */
const MIN_RATE = 10;
const RATE_WINDOW_SECONDS = 300;

const CLOUDFRONT_WEB_ACL = new RegExp(`^arn:[^:]+:wafv2:${EDGE_REGION}:\\d{12}:global/webacl/.+`);

/** A group of AWS's managed rules (AWS WAF: AWS Managed Rules rule groups list). */
interface ManagedRules {
  readonly name: string;
  /** Rules of the group that count what they match and let it through. */
  readonly counted?: readonly string[];
  /** Rules that free text in a body matches. */
  readonly freeText?: readonly string[];
}

/**
 * What refuses most goes first: each later group costs its evaluation. With the rate 1,127 of the 1,500 capacity units that are included;
 * lists of addresses and countries add 9 at most (AWS WAF: an IP set or a geographic match takes 1).
 */
const MANAGED_RULES: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList' },
  // It refuses bodies above 8 KB, and the API takes 64 KB; the application refuses what is larger.
  {
    name: 'AWSManagedRulesCommonRuleSet',
    counted: ['SizeRestrictions_BODY'],
    freeText: ['CrossSiteScripting_BODY', 'EC2MetaDataSSRF_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY'],
  },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet' },
  { name: 'AWSManagedRulesSQLiRuleSet', freeText: ['SQLi_BODY', 'SQLiExtPatterns_BODY'] },
];

/**
 * A web ACL for a distribution: AWS's managed rules, a rate for each address, and logs without credentials. It is made in
 * us-east-1 by itself, wherever the application is.
 */
export class Firewall extends Construct {
  readonly webAclArn: string;
  /** Undefined when it is yours. */
  readonly webAcl?: CfnWebACL;
  /** What CloudWatch calls it: the dimension `WebACL` of metrics in `AWS/WAFV2`, in us-east-1. Undefined when it is yours. */
  readonly metricName?: string;
  /** Rules that block by address or country, as metrics call them: what they block is no attack. */
  readonly listRules: readonly string[] = [];

  /** @throws RefusedValueError for a rate that is none, lists that cannot be some, an ARN of another scope, or no explicit region. */
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    if (props.existing !== undefined) {
      this.refuseOtherScope(props.existing);
      this.refuseBeside(props);
      this.webAclArn = props.existing;
      return;
    }
    const edge = edgeScope(this);
    // Of its own, or the metrics of two applications would be one.
    this.metricName = Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    const lists = listRules(this, edge, props);
    this.listRules = lists.map(({ name }) => name);
    this.webAcl = this.createWebAcl(edge, props, this.metricName, lists);
    this.webAclArn = this.webAcl.attrArn;
    const logging = new CfnLoggingConfiguration(edge, 'Logging', {
      resourceArn: this.webAcl.attrArn,
      logDestinationConfigs: [props.logs.bucketArn],
      redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { Name: name } })),
    });
    // AWS WAF tries whether it may write when it begins to.
    logging.node.addDependency(props.logs.bucket);
    handles(logging, 'logs-everywhere');
  }

  private createWebAcl(
    edge: Construct,
    props: FirewallProps,
    metricName: string,
    lists: readonly ListRule[],
  ): CfnWebACL {
    const managed = MANAGED_RULES.map((group, index) => managedRule(group, lists.length + 1 + index, props));
    const webAcl = new CfnWebACL(edge, 'WebAcl', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      description: 'Blocks known attacks, and too many requests from one address',
      rules: [
        // Who may not come at all is not counted for the rate.
        ...lists.map(({ name, statement }, priority) => ({
          name,
          priority,
          action: { block: {} },
          statement,
          visibilityConfig: visible(name),
        })),
        {
          name: 'RatePerAddress',
          priority: lists.length,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              evaluationWindowSec: RATE_WINDOW_SECONDS,
              limit: this.rate(props),
            },
          },
          visibilityConfig: visible('RatePerAddress'),
        },
        ...managed,
      ],
      // Bodies of 8 to 64 KB get through, so all of them is looked at and not 16 KB alone: $0.30 for a million further 16 KB.
      associationConfig: { requestBody: { CLOUDFRONT: { defaultSizeInspectionLimit: 'KB_64' } } },
      visibilityConfig: visible(metricName),
    });
    handles(webAcl, 'waf-managed-rules', 'waf-rate-rule', 'waf-on-cloudfront');
    return webAcl;
  }

  private rate({ requestsPerFiveMinutes: rate = MAX_RATE }: FirewallProps): number {
    if (Number.isInteger(rate) && rate >= MIN_RATE && rate <= MAX_RATE) return rate;
    return refuse(this, {
      prop: 'requestsPerFiveMinutes',
      value: rate,
      allowed: `a whole number from ${MIN_RATE} to ${MAX_RATE} requests`,
      fix: 'pass the number of requests of a busy user; for many users behind one address pass your own web ACL in existing',
      catalogueId: 'waf-rate-rule',
    });
  }

  /** What a web ACL of one's own would never hear of. */
  private refuseBeside(props: FirewallProps): void {
    refuseLists(this, props, 'a web ACL of yours');
    const allowed = 'only without a web ACL of yours';
    if (props.requestsPerFiveMinutes !== undefined) {
      refuse(this, {
        prop: 'requestsPerFiveMinutes',
        value: props.requestsPerFiveMinutes,
        allowed,
        fix: 'omit it, and add a rate-based rule to your web ACL',
        catalogueId: 'waf-rate-rule',
      });
    }
    if (props.bodyRules !== undefined) {
      refuse(this, {
        prop: 'bodyRules',
        value: props.bodyRules,
        allowed,
        fix: 'omit it, and override the actions of rules in your web ACL',
        catalogueId: 'waf-managed-rules',
      });
    }
  }

  private refuseOtherScope(arn: string): void {
    // What another stack makes shows its scope at deployment.
    if (Token.isUnresolved(arn) || CLOUDFRONT_WEB_ACL.test(arn)) return;
    refuse(this, {
      prop: 'existing',
      value: arn,
      allowed: `arn:aws:wafv2:${EDGE_REGION}:<account>:global/webacl/<name>/<id>`,
      fix: `create the web ACL with scope CLOUDFRONT in ${EDGE_REGION}`,
      catalogueId: 'waf-on-cloudfront',
    });
  }
}

function managedRule(
  { name, counted = [], freeText = [] }: ManagedRules,
  priority: number,
  { bodyRules = 'block' }: FirewallProps,
): CfnWebACL.RuleProperty {
  const overrides = [...counted, ...(bodyRules === 'count' ? freeText : [])];
  const ruleActionOverrides = overrides.map((rule) => ({ name: rule, actionToUse: { count: {} } }));
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(overrides.length > 0 && { ruleActionOverrides }),
      },
    },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
