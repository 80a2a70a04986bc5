import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { AccessLogBucket } from '../../../lib/edge/access-log-bucket';
import { Firewall, type FirewallProps } from '../../../lib/edge/firewall';
import { resourcesOf, testApp } from '../../synthesize';
import { VIRGINIA } from './edge-fixture';

interface WebAclRule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: {
    readonly ManagedRuleGroupStatement?: { readonly RuleActionOverrides?: readonly object[] };
    readonly RateBasedStatement?: object;
  };
  readonly VisibilityConfig: { readonly CloudWatchMetricsEnabled: boolean; readonly MetricName: string };
}

function fixture(props: Partial<FirewallProps> = {}) {
  const stack = new Stack(testApp(), 'Shop', { env: VIRGINIA });
  const logs = new AccessLogBucket(stack, 'Logs', { stage: stages.dev });
  const firewall = new Firewall(stack, 'Firewall', { stage: stages.dev, logs, ...props });
  return { firewall, template: () => Template.fromStack(stack) };
}

function rulesOf(template: Template): WebAclRule[] {
  const [webAcl] = Object.values(resourcesOf(template, 'AWS::WAFv2::WebACL'));
  return (webAcl?.Properties['Rules'] ?? []) as WebAclRule[];
}

describe('the firewall', () => {
  it('looks at the whole of what it lets in, by the managed rules and a rate for each address', () => {
    const template = fixture().template();
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
      AssociationConfig: { RequestBody: { CLOUDFRONT: { DefaultSizeInspectionLimit: 'KB_64' } } },
    });
    const rules = rulesOf(template);
    expect(rules.map(({ Name }) => Name)).toEqual([
      'RatePerAddress',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
      'AWSManagedRulesSQLiRuleSet',
    ]);
    expect(rules.map(({ Priority }) => Priority)).toEqual([0, 1, 2, 3, 4]);
    expect(rules[0]).toMatchObject({
      Action: { Block: {} },
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 2000 } },
    });
    for (const rule of rules.slice(1)) expect(rule.OverrideAction).toEqual({ None: {} });
    for (const { Name, VisibilityConfig } of rules) {
      expect(VisibilityConfig).toMatchObject({ CloudWatchMetricsEnabled: true, MetricName: Name });
    }
  });

  it('counts one rule alone: the one that refuses bodies above 8 KB', () => {
    const overrides = rulesOf(fixture().template()).flatMap(
      ({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
    );
    expect(overrides).toEqual([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]);
  });

  it('counts what looks for attacks in bodies of free text, and goes on blocking exploits and everything beside the body', () => {
    const rules = rulesOf(fixture({ bodyRules: 'count' }).template());
    const overrides = Object.fromEntries(
      rules.map(({ Name, Statement }) => [
        Name,
        Statement.ManagedRuleGroupStatement?.RuleActionOverrides?.map((each) => (each as { Name: string }).Name),
      ]),
    );
    expect(overrides).toEqual({
      AWSManagedRulesCommonRuleSet: [
        'SizeRestrictions_BODY',
        'CrossSiteScripting_BODY',
        'EC2MetaDataSSRF_BODY',
        'GenericLFI_BODY',
        'GenericRFI_BODY',
      ],
      AWSManagedRulesSQLiRuleSet: ['SQLi_BODY', 'SQLiExtPatterns_BODY'],
    });
  });

  it('has no empty list of overrides', () => {
    expect(JSON.stringify(rulesOf(fixture().template()))).not.toContain('"RuleActionOverrides":[]');
  });

  it('takes no bodyRules beside a web ACL of yours', () => {
    const existing = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0a1b';
    expect(() => fixture({ existing, bodyRules: 'count' })).toThrow(
      "Shop/Firewall: bodyRules is 'count'; allowed: only without a web ACL of yours",
    );
  });

  it('logs without credentials, once the bucket lets it', () => {
    const template = fixture().template();
    const [logging] = Object.values(template.findResources('AWS::WAFv2::LoggingConfiguration')) as {
      Properties: Record<string, unknown>;
      DependsOn: string[];
    }[];
    expect(logging?.Properties['RedactedFields']).toEqual([
      { SingleHeader: { Name: 'authorization' } },
      { SingleHeader: { Name: 'cookie' } },
    ]);
    expect(logging?.DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::S3::BucketPolicy'))),
    );
  });

  it('takes another rate', () => {
    expect(rulesOf(fixture({ requestsPerFiveMinutes: 100 }).template())[0]?.Statement.RateBasedStatement).toMatchObject(
      {
        Limit: 100,
      },
    );
  });

  it.each([0, 9, 2001, 10.5, Number.NaN])('refuses a rate of %s', (requestsPerFiveMinutes) => {
    expect(() => fixture({ requestsPerFiveMinutes })).toThrow(/10 to 2000 requests\. \[waf-rate-rule\]/);
  });

  it.each([
    'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/mine/0a1b',
    'arn:aws:wafv2:us-east-1:111111111111:regional/webacl/mine/0a1b',
    'mine',
  ])('refuses %s as a web ACL for CloudFront', (existing) => {
    expect(() => fixture({ existing })).toThrow(
      `Shop/Firewall: existing is '${existing}'; allowed: arn:aws:wafv2:us-east-1:<account>:global/webacl/<name>/<id>`,
    );
  });
});

describe('the bucket of access logs', () => {
  it('lets in the log delivery of this account, and nobody without TLS', () => {
    const [policy] = Object.values(resourcesOf(fixture().template(), 'AWS::S3::BucketPolicy'));
    const { Statement = [] } = (policy?.Properties['PolicyDocument'] ?? {}) as {
      Statement?: Record<string, unknown>[];
    };
    const account = { Ref: 'AWS::AccountId' };
    const from = { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111111111111:*' };
    expect(Statement.filter(({ Sid }) => Sid !== undefined)).toEqual([
      {
        Sid: 'AWSLogDeliveryAclCheck',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:GetBucketAcl',
        Resource: { 'Fn::GetAtt': [expect.stringMatching('^LogsBucket'), 'Arn'] },
        Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: from },
      },
      {
        Sid: 'AWSLogDeliveryWrite',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: {
          'Fn::Join': [
            '',
            [{ 'Fn::GetAtt': [expect.stringMatching('^LogsBucket'), 'Arn'] }, '/AWSLogs/', account, '/*'],
          ],
        },
        Condition: {
          StringEquals: { 'aws:SourceAccount': account, 's3:x-amz-acl': 'bucket-owner-full-control' },
          ArnLike: from,
        },
      },
    ]);
    expect(JSON.stringify(Statement)).toContain('"aws:SecureTransport":"false"');
  });

  it('takes ACLs, which CloudFront writes by, and nothing public', () => {
    fixture()
      .template()
      .hasResourceProperties('AWS::S3::Bucket', {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
  });

  it('is named as AWS WAF asks, within what S3 takes', () => {
    const [bucket] = Object.values(resourcesOf(fixture().template(), 'AWS::S3::Bucket'));
    const uuid = '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';
    const name = JSON.stringify(bucket?.Properties['BucketName']);
    const parts = (JSON.parse(name) as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map((part) =>
      typeof part === 'string' ? part : uuid,
    );
    expect(name).toContain('{"Fn::Select":[2,{"Fn::Split":["/",{"Ref":"AWS::StackId"}]}]}');
    expect(parts.join('')).toMatch(/^aws-waf-logs-[a-z0-9-]{1,50}$/);
  });

  it.each([
    ['dev', 7, 'Delete'],
    ['prod', 365, 'RetainExceptOnCreate'],
  ] as const)('keeps logs in %s for %i days', (name, ExpirationInDays, DeletionPolicy) => {
    const stack = new Stack(testApp(), 'Shop', { env: VIRGINIA });
    new AccessLogBucket(stack, 'Logs', { stage: stages[name] });
    const [bucket] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::S3::Bucket'));
    expect(bucket?.Properties['LifecycleConfiguration']).toEqual({
      Rules: expect.arrayContaining([{ Id: 'logs', Status: 'Enabled', ExpirationInDays }]),
    });
    expect(bucket?.DeletionPolicy).toBe(DeletionPolicy);
  });
});
