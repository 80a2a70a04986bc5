import { Duration } from 'aws-cdk-lib';
import type { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  type CfnService,
  Cluster,
  ContainerInsights,
  FargateService,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, handles } from '../validation/explain';
import { ApiLoadBalancer, type OriginTls } from './api-load-balancer';
import { ApiTask, type ApiTaskProps } from './api-task';
import { refuseScaling, scaleService, type TaskCount } from './service-scaling';

/** Props of {@link FargateApi}. */
export interface FargateApiProps extends ApiTaskProps {
  /** With an internet gateway: a VPC origin demands one (AWS: CloudFront, VPC origins). */
  readonly vpc: IVpc;
  /** Private ones, of two Availability Zones at least, with a way to `FARGATE_ENDPOINTS`: NAT or interface endpoints. */
  readonly subnets: SubnetSelection;
  /** What databases and caches let in; tasks wear it beside their own. @default - none */
  readonly clientSecurityGroup?: ISecurityGroup;
  /** @default - 2 to 10 */
  readonly tasks?: TaskCount;
  /**
   * Requests that one task is to answer in a minute; beyond it another task starts, whatever the CPU does. Measure yours.
   * @default 3000
   */
  readonly requestsPerMinutePerTask?: number;
  /** TLS between CloudFront and the load balancer. @default - plain HTTP, inside of the VPC */
  readonly tls?: OriginTls;
}

/** Metrics of an API on Fargate, each minute. */
export interface FargateApiMetrics {
  /** Targets that fail their health check (`AWS/ApplicationELB UnHealthyHostCount`, maximum). */
  readonly unhealthyHosts: Metric;
  /** Requests that came to a task. */
  readonly requests: Metric;
  /** Answers of 5xx by tasks. */
  readonly serverErrors: Metric;
  /** Answers of 5xx by the load balancer itself: no healthy task, or one that broke off. */
  readonly loadBalancerErrors: Metric;
  /** Seconds from the load balancer to a task and back, 99th percentile. */
  readonly latencyP99: Metric;
  /** Percent of the tasks' CPU, average (`AWS/ECS CPUUtilization`). */
  readonly cpu: Metric;
  /** Percent of the tasks' memory, maximum (`AWS/ECS MemoryUtilization`). */
  readonly memory: Metric;
}

/**
 * An HTTP API in containers on Fargate: at least two tasks in private subnets, behind an internal load balancer that only CloudFront
 * reaches. A deployment that does not become healthy is rolled back, and each task ends what it has begun before it goes.
 */
export class FargateApi extends Construct implements IGrantable {
  readonly cluster: Cluster;
  readonly task: ApiTask;
  readonly balancer: ApiLoadBalancer;
  readonly service: FargateService;
  /** What the tasks wear of their own. */
  readonly securityGroup: SecurityGroup;
  /** The role of the application. */
  readonly grantPrincipal: IPrincipal;

  /** @throws RefusedValueError for a size that Fargate does not have, or less than two tasks. */
  constructor(scope: Construct, id: string, props: FargateApiProps) {
    super(scope, id);
    const { vpc, subnets, port } = props;
    const scaling = {
      tasks: props.tasks ?? { min: 2, max: 10 },
      requestsPerMinutePerTask: props.requestsPerMinutePerTask ?? 3000,
    };
    refuseScaling(this, scaling);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc,
      // Metrics of each task, which are billed each; the service's own CPU and memory are free.
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    this.task = new ApiTask(this, 'Task', props);
    this.grantPrincipal = this.task.taskRole;
    this.balancer = new ApiLoadBalancer(this, 'Balancer', props);
    // The first cluster of an account makes ECS's role, which a service seconds later is refused by: "Unable to assume the service
    // linked role". A load balancer takes minutes, and the service waits for it.
    this.balancer.loadBalancer.node.addDependency(this.cluster);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Tasks of the API: from the load balancer, to AWS by TLS',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "AWS's APIs, by endpoint or NAT");
    this.service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition: this.task.definition,
      vpcSubnets: subnets,
      assignPublicIp: false,
      securityGroups: [this.securityGroup],
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      // Longer than a task takes to start and to pass two health checks of the load balancer.
      healthCheckGracePeriod: Duration.seconds(60),
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      enableExecuteCommand: false,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
    });
    if (props.clientSecurityGroup !== undefined) this.wear(props.clientSecurityGroup);
    this.balancer.targetGroup.addTarget(this.service.loadBalancerTarget({ containerName: 'Api', containerPort: port }));
    scaleService(this.service, this.balancer.targetGroup, scaling);
    this.explain();
  }

  /** The origin for a CloudFront distribution. */
  get origin(): IOrigin {
    return this.balancer.origin;
  }

  get metrics(): FargateApiMetrics {
    const { targetGroup, loadBalancer } = this.balancer;
    const minute = { period: Duration.minutes(1) };
    return {
      unhealthyHosts: targetGroup.metrics.unhealthyHostCount({ ...minute, statistic: Stats.MAXIMUM }),
      requests: targetGroup.metrics.requestCount(minute),
      serverErrors: targetGroup.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, minute),
      loadBalancerErrors: loadBalancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, minute),
      latencyP99: targetGroup.metrics.targetResponseTime({ ...minute, statistic: Stats.p(99) }),
      cpu: this.service.metricCpuUtilization(minute),
      memory: this.service.metricMemoryUtilization({ ...minute, statistic: Stats.MAXIMUM }),
    };
  }

  /**
   * Past CDK, which would write the load balancer's rules into every group of the service: those of the data's group belong to the
   * data's stack, where nothing may flow back to.
   */
  private wear(group: ISecurityGroup): void {
    (this.service.node.findChild('Service') as CfnService).addPropertyOverride(
      'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups',
      [this.securityGroup.securityGroupId, group.securityGroupId],
    );
  }

  private explain(): void {
    handles(
      this.service,
      'ecs-self-healing-service',
      'ecs-exec-controlled',
      'ecs-provisioning-lead-time',
      'ec2-no-spot-for-primary-api',
      'ec2-not-first-choice',
      'stateless-compute-no-az-volume',
      'vpc-data-private',
    );
    handles(this.securityGroup, 'vpc-security-group-scope');
    acknowledge(this.cluster, {
      'AwsSolutions::AwsSolutions-ECS4':
        'Container Insights bills each metric of each task; the free metrics of the service and the load balancer tell what the alarms need.',
    });
  }
}
