import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IOrigin, OriginProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { type IVpc, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  SslPolicy,
  TargetGroupLoadBalancingAlgorithmType,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { accountWideName } from '../naming/account-wide-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { CloudFrontPrefixList } from './cloudfront-prefix-list';
import { DEREGISTRATION_DELAY, IDLE_TIMEOUT, LONGEST_REQUEST, ORIGIN_KEEPALIVE } from './graceful-shutdown';
import { LoadBalancerLogs } from './load-balancer-logs';

/** How CloudFront speaks TLS with the load balancer. */
export interface OriginTls {
  /** Of the load balancer's own region. */
  readonly certificate: ICertificate;
  /** A name that the certificate is for: CloudFront asks for it and checks it against the certificate. */
  readonly domainName: string;
}

/** Props of {@link ApiLoadBalancer}. */
export interface ApiLoadBalancerProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** With an internet gateway, which a VPC origin demands though nothing goes through it (AWS: CloudFront, VPC origins). */
  readonly vpc: IVpc;
  /** Private ones, in two Availability Zones at least. */
  readonly subnets: SubnetSelection;
  /** Where targets listen. */
  readonly port: number;
  /** What targets answer with 200 while they can work. */
  readonly healthPath: string;
  /** @default - plain HTTP between CloudFront's interfaces in the VPC and the load balancer beside them */
  readonly tls?: OriginTls;
}

/**
 * An internal load balancer that only CloudFront reaches, by a VPC origin: it has no public address, and lets in no one but
 * CloudFront's origin-facing servers (cloudfront-fronts-everything).
 */
export class ApiLoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
  readonly targetGroup: ApplicationTargetGroup;
  readonly securityGroup: SecurityGroup;
  readonly logs: LoadBalancerLogs;
  private vpcOrigin?: IOrigin;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiLoadBalancerProps,
  ) {
    super(scope, id);
    const { stage, vpc, tls } = props;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Load balancer of the API: from CloudFront, to the tasks',
      allowAllOutbound: false,
    });
    const cloudFront = new CloudFrontPrefixList(this, 'CloudFront', props);
    const port = tls === undefined ? 80 : 443;
    this.securityGroup.addIngressRule(cloudFront.peer, Port.tcp(port), 'CloudFront, by its VPC origin');
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: props.subnets,
      internetFacing: false,
      securityGroup: this.securityGroup,
      deletionProtection: stage.deletionProtection,
      dropInvalidHeaderFields: true,
      idleTimeout: IDLE_TIMEOUT,
    });
    this.logs = new LoadBalancerLogs(this, 'Logs', { ...props, loadBalancer: this.loadBalancer });
    this.targetGroup = this.createTargetGroup();
    this.listener = this.loadBalancer.addListener('Listener', {
      port,
      open: false,
      protocol: tls === undefined ? ApplicationProtocol.HTTP : ApplicationProtocol.HTTPS,
      certificates: tls === undefined ? undefined : [tls.certificate],
      sslPolicy: tls === undefined ? undefined : SslPolicy.RECOMMENDED_TLS,
      defaultTargetGroups: [this.targetGroup],
    });
    this.explain();
  }

  /** The origin for a CloudFront distribution in the same stack or another; one VPC origin, however often it is asked for. */
  get origin(): IOrigin {
    const { tls } = this.props;
    this.vpcOrigin ??= VpcOrigin.withApplicationLoadBalancer(this.loadBalancer, {
      vpcOriginName: accountWideName(this, 'VpcOrigin', 64),
      domainName: tls?.domainName,
      protocolPolicy: tls === undefined ? OriginProtocolPolicy.HTTP_ONLY : OriginProtocolPolicy.HTTPS_ONLY,
      readTimeout: LONGEST_REQUEST,
      keepaliveTimeout: ORIGIN_KEEPALIVE,
    });
    return this.vpcOrigin;
  }

  private createTargetGroup(): ApplicationTargetGroup {
    const { vpc, port, healthPath } = this.props;
    const targetGroup = new ApplicationTargetGroup(this, 'Targets', {
      vpc,
      port,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      healthCheck: {
        path: healthPath,
        healthyHttpCodes: '200',
        // A task that has started takes requests after 20 s, and one that hangs stops taking them after 30 s.
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      deregistrationDelay: DEREGISTRATION_DELAY,
      // A task that waits for a slow query gets fewer requests than one that does not.
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
    });
    handles(targetGroup, 'ecs-both-health-checks', 'ecs-self-healing-service');
    return targetGroup;
  }

  private explain(): void {
    const { stage, tls } = this.props;
    handles(this.loadBalancer, 'cloudfront-fronts-everything', 'vpc-data-private', 'logs-everywhere');
    handles(this.securityGroup, 'vpc-security-group-scope', 'cloudfront-fronts-everything');
    const firewall = 'The web ACL stands in front of CloudFront, which alone reaches this load balancer.';
    acknowledge(this.loadBalancer, {
      'HIPAA.Security::HIPAA.Security-ALBWAFEnabled': firewall,
      'NIST.800.53.R5::NIST.800.53.R5-ALBWAFEnabled': firewall,
      'PCI.DSS.321::PCI.DSS.321-ALBWAFEnabled': firewall,
    });
    if (!stage.deletionProtection) {
      const temporary = 'This stage is made to be deleted; deletion protection is on where the stage has it.';
      acknowledge(this.loadBalancer, {
        'HIPAA.Security::HIPAA.Security-ELBDeletionProtectionEnabled': temporary,
        'NIST.800.53.R5::NIST.800.53.R5-ELBDeletionProtectionEnabled': temporary,
      });
    }
    if (tls === undefined) this.explainPlain();
    else handles(this.listener, 'tls-everywhere');
  }

  private explainPlain(): void {
    const plain =
      "Visitors speak TLS with CloudFront, which comes here by network interfaces in this VPC, over AWS's own network; a certificate needs a domain of yours: pass tls.";
    acknowledge(this.listener, {
      'Groundplan::Groundplan-tls-everywhere': plain,
      'HIPAA.Security::HIPAA.Security-ALBHttpToHttpsRedirection': plain,
      'NIST.800.53.R5::NIST.800.53.R5-ALBHttpToHttpsRedirection': plain,
      'PCI.DSS.321::PCI.DSS.321-ALBHttpToHttpsRedirection': plain,
      'HIPAA.Security::HIPAA.Security-ELBv2ACMCertificateRequired': plain,
      'NIST.800.53.R5::NIST.800.53.R5-ELBv2ACMCertificateRequired': plain,
      'PCI.DSS.321::PCI.DSS.321-ELBv2ACMCertificateRequired': plain,
    });
  }
}
