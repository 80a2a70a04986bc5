import { Duration } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin, VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { template } from './rule-table-fixture';

export const DISTRIBUTION = 'AWS::CloudFront::Distribution';
export const CONFIG = 'DistributionConfig';
export type Settings = Record<string, unknown>;

const CODES = [400, 403, 404, 500, 502, 503, 504];
const errorResponses = CODES.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(1) }));
const apiBehavior = {
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
};
const MANAGED = ['CommonRuleSet', 'KnownBadInputsRuleSet', 'SQLiRuleSet', 'AmazonIpReputationList'];

/** A site in a bucket and an HTTP API, as CDK's own constructs write them. */
export const site = template((stack) => {
  const visibility = { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName: 'm' };
  const webAcl = new CfnWebACL(stack, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visibility,
    rules: [
      {
        name: 'Rate',
        priority: 0,
        action: { block: {} },
        visibilityConfig: visibility,
        statement: { rateBasedStatement: { limit: 2000, evaluationWindowSec: 300, aggregateKeyType: 'IP' } },
      },
      ...MANAGED.map((name, index) => ({
        name,
        priority: index + 1,
        overrideAction: { none: {} },
        visibilityConfig: visibility,
        statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: `AWSManagedRules${name}` } },
      })),
    ],
  });
  const api = new HttpApi(stack, 'Api');
  api.addRoutes({
    path: '/api/{proxy+}',
    methods: [HttpMethod.ANY],
    integration: new HttpUrlIntegration('Shop', 'https://shop.example.com'),
    authorizer: new HttpJwtAuthorizer('Jwt', 'https://sso.example.com', { jwtAudience: ['shop'] }),
  });
  const bucket = new Bucket(stack, 'Site');
  const distribution = new Distribution(stack, 'Distribution', {
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    },
    additionalBehaviors: {
      '/api/*': {
        ...apiBehavior,
        origin: new HttpOrigin(`${api.apiId}.execute-api.eu-west-1.amazonaws.com`, {
          customHeaders: { 'x-origin-verify': 's' },
        }),
      },
    },
    domainNames: ['shop.example.com'],
    certificate: Certificate.fromCertificateArn(stack, 'Cert', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
    errorResponses,
    webAclId: webAcl.attrArn,
  });
  const folder = { sources: [Source.data('index.html', '<!doctype html>')], destinationBucket: bucket };
  new BucketDeployment(stack, 'Assets', {
    ...folder,
    cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
  });
  new BucketDeployment(stack, 'Pages', { ...folder, cacheControl: [CacheControl.noCache()], distribution });
});

/** A load balancer inside of a VPC, behind CloudFront. */
export const balanced = template((stack) => {
  const balancer = new ApplicationLoadBalancer(stack, 'Balancer', {
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 }),
  });
  new Distribution(stack, 'Distribution', {
    defaultBehavior: { ...apiBehavior, origin: VpcOrigin.withApplicationLoadBalancer(balancer) },
  });
});

export const behavior = (t: MutableTemplate, index = 0) =>
  (t.properties(DISTRIBUTION)[CONFIG] as { CacheBehaviors: Settings[] }).CacheBehaviors[index] as Settings;
export const origin = (t: MutableTemplate, index: number) =>
  (t.properties(DISTRIBUTION)[CONFIG] as { Origins: Settings[] }).Origins[index] as Settings;
export const setBehavior = (settings: Settings) => (t: MutableTemplate) => void Object.assign(behavior(t), settings);
export const siteAlone = (t: MutableTemplate) => {
  t.set(DISTRIBUTION, `${CONFIG}.CacheBehaviors`, []);
  (t.properties(DISTRIBUTION)[CONFIG] as { Origins: unknown[] }).Origins.splice(1);
};
