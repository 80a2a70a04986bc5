import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type Environment, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { DataKey, type StageName, stages } from '../../../lib';
import { AccessLogBucket } from '../../../lib/edge/access-log-bucket';
import { Firewall, type FirewallProps } from '../../../lib/edge/firewall';
import { OriginSecret } from '../../../lib/edge/origin-secret';
import { SiteBucket } from '../../../lib/edge/site-bucket';
import { SiteDeployment } from '../../../lib/edge/site-deployment';
import { SiteDistribution, type SiteDistributionProps } from '../../../lib/edge/site-distribution';

/** The login that pages of the fixture talk to. */
export const LOGIN = 'https://shop.auth.eu-west-1.amazoncognito.com';
export const IRELAND: Environment = { account: '111111111111', region: 'eu-west-1' };
export const VIRGINIA: Environment = { account: '111111111111', region: 'us-east-1' };

/** What a fixture decides by itself. */
export interface EdgeOptions {
  readonly stage?: StageName;
  /** Names under example.com. */
  readonly names?: readonly [string, ...string[]];
  readonly firewall?: Partial<FirewallProps>;
  readonly distribution?: Partial<SiteDistributionProps>;
}

const site = mkdtempSync(join(tmpdir(), 'groundplan-site-'));
process.once('exit', () => rmSync(site, { recursive: true, force: true }));
mkdirSync(join(site, 'assets'));
for (const [name, content] of [
  ['index.html', '<!doctype html><title>Site</title>'],
  ['favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['assets/index-1a2b3c4d.js', 'export {};'],
] as const) {
  writeFileSync(join(site, name), content);
}
/** A built site. */
const SITE_FOLDER = site;

/** Everything of the edge in a scope, in front of an API that does nothing. */
export function edge(scope: Construct, options: EdgeOptions = {}) {
  const stage = stages[options.stage ?? 'dev'];
  const { key: encryptionKey } = new DataKey(scope, 'Key', { stage, description: 'Logs' });
  const api = HttpApi.fromHttpApiAttributes(scope, 'Api', {
    httpApiId: 'abcdefghij',
    apiEndpoint: 'https://abcdefghij.execute-api.eu-west-1.amazonaws.com',
  });
  const accessLogs = new AccessLogBucket(scope, 'AccessLogs', { stage });
  const firewall = new Firewall(scope, 'Firewall', { stage, logs: accessLogs, ...options.firewall });
  const secret = new OriginSecret(scope, 'OriginSecret', { stage, encryptionKey });
  const siteBucket = new SiteBucket(scope, 'Site', { stage, encryptionKey });
  const distribution = new SiteDistribution(scope, 'Edge', {
    stage,
    site: siteBucket,
    api: secret.originOf(api),
    firewall,
    accessLogs,
    connections: { connectSources: [LOGIN] },
    domain:
      options.names === undefined
        ? undefined
        : {
            names: options.names,
            hostedZone: HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
              hostedZoneId: 'Z00000000000000000000',
              zoneName: 'example.com',
            }),
          },
    ...options.distribution,
  });
  const deployment = new SiteDeployment(scope, 'Deployment', {
    stage,
    encryptionKey,
    folder: SITE_FOLDER,
    config: { loginUrl: LOGIN, bucket: siteBucket.bucket.bucketName },
    site: siteBucket,
    distribution: distribution.distribution,
  });
  return { stage, api, accessLogs, firewall, secret, siteBucket, distribution, deployment };
}

/** The edge in a stack of its own. */
export function edgeStack(app: App, env?: Environment, options: EdgeOptions = {}) {
  const stack = new Stack(app, 'Shop', { env });
  return { stack, ...edge(stack, options) };
}
