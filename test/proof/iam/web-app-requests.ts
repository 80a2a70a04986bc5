import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { DATABASE_USER, WebAppEnvironment } from '../../../patterns/web-app/contract';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';

/** What Lambda does to put a function into a VPC (AWS: AWSLambdaVPCAccessExecutionRole). */
const NETWORK_INTERFACES = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
];

/** What ECS calls to start a task (AWS: AmazonECSTaskExecutionRolePolicy). */
const PULL = ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetDownloadUrlForLayer'];

/** What CDK's function does in a bucket and at a distribution (aws-cdk-lib: custom-resource-handlers, aws-s3-deployment). */
const COPYING = {
  bucket: ['ListBucket'],
  // The AWS CLI gives up what it uploads in parts and cannot finish.
  files: ['AbortMultipartUpload', 'PutObject'],
  distribution: ['CreateInvalidation', 'GetInvalidation'],
};

/** Where something connects to, by its environment. */
export type Environment = Readonly<Record<string, string>>;

/** Whatever runs the application's code against the database: functions and tasks, with their environment. */
function clientsOf(template: ResolvedTemplate): { readonly logicalId: string; readonly environment: Environment }[] {
  const functions = template.ofType('AWS::Lambda::Function').map(({ logicalId, properties }) => ({
    logicalId,
    environment: (properties['Environment'] as { Variables?: Environment } | undefined)?.Variables ?? {},
  }));
  const tasks = template.ofType('AWS::ECS::TaskDefinition').map(({ logicalId, properties }) => ({
    logicalId,
    environment: Object.fromEntries(
      containersOf(properties).flatMap(({ Environment: pairs = [] }) => pairs.map(({ Name, Value }) => [Name, Value])),
    ),
  }));
  return [...functions, ...tasks].filter(({ environment }) => WebAppEnvironment.databaseWriter in environment);
}

/** What the web app's parts, and AWS's services for them, do with IAM; read off the template. */
export class WebAppRequests {
  constructor(private readonly template: ResolvedTemplate) {}

  all(): AccessRequest[] {
    const { template } = this;
    return [
      ...clientsOf(template).flatMap(({ logicalId, environment }) =>
        this.connections(roleOf(template, logicalId), environment),
      ),
      ...template.ofType('AWS::RDS::DBProxyTargetGroup').flatMap((each) => this.proxied(each)),
      ...template.ofType('AWS::Lambda::Function').flatMap((each) => this.network(each)),
      ...template.ofType('AWS::ECS::TaskDefinition').flatMap((each) => this.task(each)),
      ...template.ofType('Custom::CDKBucketDeployment').flatMap((each) => this.copying(each)),
      ...template.ofType('Custom::CloudFrontPrefixList').flatMap((each) => this.lookUp(each)),
      ...template.ofType('AWS::CloudFront::Distribution').flatMap((each) => this.origins(each)),
      ...template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap((each) => this.balancerLogs(each)),
      ...template.ofType('AWS::WAFv2::LoggingConfiguration').flatMap((each) => this.firewallLogs(each)),
    ];
  }

  /** Database and cache check tokens, which are signed without a call, as if their names were actions. */
  connections(principal: string, environment: Environment): AccessRequest[] {
    const hosts = [WebAppEnvironment.databaseWriter, WebAppEnvironment.databaseReader].map(
      (name) => environment[name]?.split(':')[0] ?? '',
    );
    const cache = environment[WebAppEnvironment.cacheName];
    const user = environment[WebAppEnvironment.cacheUser];
    return [
      ...hosts.map((host) => this.databaseLogin(principal, this.databaseAt(host))),
      ...this.template
        .ofType('AWS::ElastiCache::ServerlessCache')
        .filter(({ name }) => name === cache)
        .map(({ attributes }) => cacheLogin(principal, attributes['ARN'] ?? '')),
      ...this.template
        .ofType('AWS::ElastiCache::User')
        .filter(({ name }) => name === user)
        .map(({ arn = '' }) => cacheLogin(principal, arn)),
    ];
  }

  databaseLogin(principal: string, resourceId: string, user = DATABASE_USER): AccessRequest {
    return { principal, action: 'rds-db:connect', resource: this.arn('rds-db', `dbuser:${resourceId}/${user}`) };
  }

  /**
   * Resource id of the cluster, or of the proxy, that has a host: what a token is for. That of a proxy is its own at each of its
   * endpoints (AWS: RDS Proxy, connecting by IAM).
   */
  private databaseAt(host: string): string {
    for (const { attributes } of this.template.ofType('AWS::RDS::DBCluster')) {
      const hosts = [attributes['Endpoint.Address'], attributes['ReadEndpoint.Address']];
      if (hosts.includes(host)) return attributes['DBClusterResourceId'] ?? '';
    }
    const endpoint = this.template
      .ofType('AWS::RDS::DBProxyEndpoint')
      .find((each) => each.attributes['Endpoint'] === host);
    const proxy = this.template
      .ofType('AWS::RDS::DBProxy')
      .find(({ name, attributes }) => attributes['Endpoint'] === host || endpoint?.properties['DBProxyName'] === name);
    const id = proxy?.attributes['DBProxyArn']?.split(':').at(-1);
    if (id === undefined) throw new Error(`The template has no database at ${host}`);
    return id;
  }

  private proxied({ properties }: ResolvedResource): AccessRequest[] {
    const proxy = this.template.ofType('AWS::RDS::DBProxy').find(({ name }) => name === properties['DBProxyName']);
    return this.template
      .ofType('AWS::RDS::DBCluster')
      .filter(({ name }) => (properties['DBClusterIdentifiers'] as string[]).includes(name))
      .map(({ attributes }) =>
        this.databaseLogin(String(proxy?.properties['RoleArn']), attributes['DBClusterResourceId'] ?? ''),
      );
  }

  private network({ logicalId, properties }: ResolvedResource): AccessRequest[] {
    if (properties['VpcConfig'] === undefined) return [];
    const principal = roleOf(this.template, logicalId);
    return NETWORK_INTERFACES.map((action) => ({
      principal,
      action: `ec2:${action}`,
      resource: action.startsWith('Describe') ? '*' : this.arn('ec2', 'network-interface/eni-1'),
    }));
  }

  /** ECS, before the application runs. */
  private task({ properties }: ResolvedResource): AccessRequest[] {
    const principal = String(properties['ExecutionRoleArn']);
    return containersOf(properties).flatMap(({ Image, LogConfiguration: { Options } }) => {
      const [, repository = ''] = /^[^/]+\.dkr\.ecr\.[^/]+\/([^:@]+)/.exec(Image) ?? [];
      const stream = this.arn('logs', `log-group:${Options['awslogs-group']}:log-stream:api/Api/1`);
      return [
        { principal, action: 'ecr:GetAuthorizationToken', resource: '*' },
        ...PULL.map((action) => ({
          principal,
          action: `ecr:${action}`,
          resource: this.arn('ecr', `repository/${repository}`),
        })),
        ...['CreateLogStream', 'PutLogEvents'].map((action) => ({
          principal,
          action: `logs:${action}`,
          resource: stream,
        })),
      ];
    });
  }

  private copying({ properties }: ResolvedResource): AccessRequest[] {
    const { SourceBucketNames, SourceObjectKeys, DestinationBucketName, DistributionId } = properties as {
      readonly SourceBucketNames: readonly string[];
      readonly SourceObjectKeys: readonly string[];
      readonly DestinationBucketName: string;
      readonly DistributionId?: string;
    };
    const principal = this.roleOfProvider(properties);
    const bucket = this.template.ofType('AWS::S3::Bucket').find(({ name }) => name === DestinationBucketName);
    const inBucket = (action: string, resource: string) => ({
      principal,
      action: `s3:${action}`,
      resource,
      policyOf: bucket?.logicalId,
    });
    const distribution = `arn:aws:cloudfront::${this.template.deployment.account}:distribution/${DistributionId}`;
    return [
      ...SourceObjectKeys.map((key, index) => ({
        principal,
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${SourceBucketNames[index]}/${key}`,
      })),
      ...COPYING.bucket.map((action) => inBucket(action, `${bucket?.arn}`)),
      ...COPYING.files.map((action) => inBucket(action, `${bucket?.arn}/assets/index.js`)),
      ...(DistributionId === undefined
        ? []
        : COPYING.distribution.map((action) => ({
            principal,
            action: `cloudfront:${action}`,
            resource: distribution,
          }))),
    ];
  }

  /** The call that CDK's function makes is in the resource. */
  private lookUp({ properties }: ResolvedResource): AccessRequest[] {
    const { service, action } = JSON.parse(String(properties['Create'])) as { service: string; action: string };
    const principal = this.roleOfProvider(properties);
    return [{ principal, action: `${service.toLowerCase()}:${action}`, resource: '*' }];
  }

  /** By origin access control. Without leave to list, S3 says 403 of a file that is not there. */
  private origins({ arn = '', properties }: ResolvedResource): AccessRequest[] {
    const { Origins } = properties['DistributionConfig'] as {
      readonly Origins: readonly { readonly DomainName: string; readonly OriginAccessControlId?: string }[];
    };
    return Origins.filter(({ OriginAccessControlId }) => OriginAccessControlId !== undefined).flatMap(
      ({ DomainName }) => {
        const bucket = this.template
          .ofType('AWS::S3::Bucket')
          .find(({ attributes }) => attributes['RegionalDomainName'] === DomainName);
        return [
          ['GetObject', `${bucket?.arn}/index.html`],
          ['ListBucket', `${bucket?.arn}`],
        ].map(([action = '', resource = '']) => ({
          principal: 'cloudfront.amazonaws.com',
          action: `s3:${action}`,
          resource,
          policyOf: bucket?.logicalId,
          context: { 'aws:SourceArn': arn, 'aws:SourceAccount': this.template.deployment.account },
        }));
      },
    );
  }

  private balancerLogs({ properties }: ResolvedResource): AccessRequest[] {
    const attributes = properties['LoadBalancerAttributes'] as { Key: string; Value: string }[];
    const { account, region } = this.template.deployment;
    return this.template
      .ofType('AWS::S3::Bucket')
      .filter(({ name }) => attributes.some(({ Key, Value }) => Key === 'access_logs.s3.bucket' && Value === name))
      .map(({ arn, logicalId: policyOf }) => ({
        principal: 'logdelivery.elasticloadbalancing.amazonaws.com',
        action: 's3:PutObject',
        resource: `${arn}/AWSLogs/${account}/elasticloadbalancing/${region}/2026/01/01/1.log.gz`,
        policyOf,
      }));
  }

  /** AWS WAF: logging to Amazon S3, permissions. */
  private firewallLogs({ properties }: ResolvedResource): AccessRequest[] {
    const { account } = this.template.deployment;
    const context = { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:logs:us-east-1:${account}:delivery:1` };
    return (properties['LogDestinationConfigs'] as string[]).flatMap((arn) => {
      const common = { principal: 'delivery.logs.amazonaws.com', policyOf: this.template.byArn(arn)?.logicalId };
      return [
        { ...common, action: 's3:GetBucketAcl', resource: arn, context },
        {
          ...common,
          action: 's3:PutObject',
          resource: `${arn}/AWSLogs/${account}/WAFLogs/cloudfront/acl/2026/01/01/1.log.gz`,
          context: { ...context, 's3:x-amz-acl': 'bucket-owner-full-control' },
        },
      ];
    });
  }

  /** Role of the function that provides a custom resource. */
  private roleOfProvider(properties: ResolvedResource['properties']): string {
    return roleOf(this.template, this.template.byArn(String(properties['ServiceToken']))?.logicalId ?? '');
  }

  private arn(service: string, resource: string): string {
    const { account, region } = this.template.deployment;
    return `arn:aws:${service}:${region}:${account}:${resource}`;
  }
}

function cacheLogin(principal: string, resource: string): AccessRequest {
  return { principal, action: 'elasticache:Connect', resource };
}

interface Container {
  readonly Image: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: string }[];
  readonly LogConfiguration: { readonly Options: Readonly<Record<string, string>> };
}

function containersOf(properties: ResolvedResource['properties']): readonly Container[] {
  return properties['ContainerDefinitions'] as readonly Container[];
}
