// A site behind CloudFront with an API under /api, as a CDK user writes it by hand.
const { join } = require('node:path');
const { CustomResource, Duration } = require('aws-cdk-lib');
const {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function: EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} = require('aws-cdk-lib/aws-cloudfront');
const { HttpOrigin, S3BucketOrigin } = require('aws-cdk-lib/aws-cloudfront-origins');
const { CfnManagedLoginBranding, ManagedLoginVersion, OAuthScope, UserPoolClient } = require('aws-cdk-lib/aws-cognito');
const { BucketEncryption, ObjectOwnership } = require('aws-cdk-lib/aws-s3');
const { BucketDeployment, CacheControl, Source } = require('aws-cdk-lib/aws-s3-deployment');

const SITES = join(__dirname, '..', '..', 'dist', 'site');
const ROUTER = `function handler(event) {
  var request = event.request;
  if (!request.uri.slice(request.uri.lastIndexOf('/')).includes('.')) request.uri = '/index.html';
  return request;
}`;

/** Users who sign in on Cognito's own pages. */
function addUsers(parts, prefix) {
  const { stack } = parts;
  const users = parts.users();
  const domain = users.addDomain('LoginDomain', {
    cognitoDomain: { domainPrefix: `${prefix}-${stack.account}` },
    managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
  });
  return { users, domain };
}

/** The site's client of the user pool. Branding has no L2. */
function addLogin(parts, users, distribution) {
  const { stack } = parts;
  const url = `https://${distribution.distributionDomainName}`;
  const client = new UserPoolClient(stack, 'Site', {
    userPool: users,
    authFlows: { userSrp: true },
    preventUserExistenceErrors: true,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
      callbackUrls: [`${url}/signed-in`],
      logoutUrls: [`${url}/`],
    },
  });
  new CfnManagedLoginBranding(stack, 'Branding', {
    userPoolId: users.userPoolId,
    clientId: client.userPoolClientId,
    useCognitoProvidedValues: true,
  });
  parts.outputs({ SiteUrl: url, UserPoolId: users.userPoolId, ClientId: client.userPoolClientId });
  return client;
}

/** A value that CloudFront sends, so that the API takes requests from nowhere else. */
function addOriginSecret(parts) {
  const maker = parts.handler('OriginSecretHandler', 'edge/origin-secret', { memorySize: 256 });
  return new CustomResource(parts.stack, 'OriginSecret', {
    serviceToken: maker.functionArn,
    resourceType: 'Custom::OriginSecret',
    properties: { generation: '1' },
  });
}

/** The headers of the site, and of the API. */
function addHeaders(stack, connections) {
  const strictTransportSecurity = {
    accessControlMaxAge: Duration.days(730),
    includeSubdomains: true,
    override: true,
  };
  const common = {
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
    referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override: true },
    strictTransportSecurity,
  };
  const contentSecurityPolicy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${connections.join(' ')}; base-uri 'none'; frame-ancestors 'none'`;
  const site = new ResponseHeadersPolicy(stack, 'SiteHeaders', {
    securityHeadersBehavior: { ...common, contentSecurityPolicy: { contentSecurityPolicy, override: true } },
    customHeadersBehavior: {
      customHeaders: [{ header: 'permissions-policy', value: 'camera=(), geolocation=()', override: true }],
    },
    removeHeaders: ['server'],
  });
  const api = new ResponseHeadersPolicy(stack, 'ApiHeaders', {
    securityHeadersBehavior: common,
    customHeadersBehavior: { customHeaders: [{ header: 'cache-control', value: 'no-store', override: false }] },
    removeHeaders: ['server'],
  });
  return { site, api };
}

/** The distribution: the site's bucket, and the API under /api. */
function addDistribution(parts, { domainName, originPath, connections, webAclId, secret }) {
  const { stack } = parts;
  const encryption = { encryption: BucketEncryption.S3_MANAGED, encryptionKey: undefined, bucketKeyEnabled: undefined };
  const bucket = parts.bucket('SiteBucket', encryption);
  const accessLogs = parts.bucket('EdgeLogs', {
    ...encryption,
    expiration: Duration.days(7),
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
  });
  const headers = addHeaders(stack, connections);
  const router = new EdgeFunction(stack, 'Router', {
    code: FunctionCode.fromInline(ROUTER),
    runtime: FunctionRuntime.JS_2_0,
  });
  const distribution = new Distribution(stack, 'Distribution', {
    defaultRootObject: 'index.html',
    priceClass: PriceClass.PRICE_CLASS_100,
    httpVersion: HttpVersion.HTTP2_AND_3,
    enableLogging: true,
    logBucket: accessLogs,
    logFilePrefix: 'cloudfront/',
    webAclId,
    errorResponses: [403, 404, 500, 502, 503, 504].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(1) })),
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: headers.site,
      functionAssociations: [{ function: router, eventType: FunctionEventType.VIEWER_REQUEST }],
    },
    additionalBehaviors: {
      '/api/*': {
        origin: new HttpOrigin(domainName, {
          originPath,
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          customHeaders: { 'x-origin-verify': secret.getAttString('Value1') },
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        responseHeadersPolicy: headers.api,
      },
    },
  });
  return { bucket, distribution, accessLogs };
}

/** The files of the site: first those with a hash in their names, then the page and its configuration. */
function deploySite(parts, name, { bucket, distribution }, config) {
  const { stack } = parts;
  const folder = join(SITES, name);
  const common = { destinationBucket: bucket, prune: false, memoryLimit: 512, logGroup: parts.logs('Copier') };
  const assets = new BucketDeployment(stack, 'Assets', {
    ...common,
    sources: [Source.asset(join(folder, 'assets'))],
    destinationKeyPrefix: 'assets',
    cacheControl: [CacheControl.immutable()],
  });
  const pages = new BucketDeployment(stack, 'Pages', {
    ...common,
    sources: [Source.asset(folder, { exclude: ['assets'] }), Source.jsonData('config.json', config)],
    cacheControl: [CacheControl.noCache()],
    distribution,
    distributionPaths: ['/index.html', '/config.json'],
  });
  pages.node.addDependency(assets);
}

module.exports = { addDistribution, addLogin, addOriginSecret, addUsers, deploySite };
