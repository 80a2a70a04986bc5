import { Stack } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import { FargateApi } from '../../lib/compute/fargate-api';
import { FARGATE_ENDPOINTS } from '../../lib/compute/fargate-endpoints';
import { prebuiltContainer } from '../../lib/compute/prebuilt-container';
import { watchLoadBalancer } from '../../lib/monitoring/load-balancer-alarms';
import { Environment, METRICS_NAMESPACE } from '../../lib/runtime/contract';
import { APPLICATION_SERVICE, type ApplicationCompute, type ComputeProps } from './application-compute';
import { CONTAINER_CONNECTIONS, CONTAINER_PORT, HEALTH_PATH, WebAppEnvironment } from './contract';

const TASKS = { dev: { min: 2, max: 4 }, staging: { min: 2, max: 4 }, prod: { min: 3, max: 12 } } as const;

/** The application as containers behind an internal load balancer, which only CloudFront reaches; the container checks tokens. */
export class FargateCompute extends Construct implements ApplicationCompute {
  readonly api: FargateApi;
  readonly before: readonly IDependable[] = [];

  /** @throws RefusedValueError for less than two tasks, or more than the database has connections for. */
  constructor(scope: Construct, id: string, props: ComputeProps) {
    super(scope, id);
    const { foundation, data, uploads, alarms, existing } = props;
    const { stage, vpc, appSubnets } = foundation;
    const tasks = props.scaling?.tasks ?? TASKS[stage.name];
    // While a deployment goes on, twice as many run.
    data.makeRoomFor(this, 'scaling.tasks', tasks.max * 2, CONTAINER_CONNECTIONS * 2);

    foundation.network?.addInterfaceEndpoints(...FARGATE_ENDPOINTS);
    this.api = new FargateApi(this, 'Service', {
      stage,
      encryptionKey: foundation.dataKey.key,
      vpc,
      subnets: appSubnets,
      clientSecurityGroup: data.clients,
      image: existing?.image ?? prebuiltContainer(this, 'web-app'),
      port: CONTAINER_PORT,
      healthPath: HEALTH_PATH,
      tasks,
      environment: {
        ...props.environment,
        [WebAppEnvironment.userPoolId]: data.userPool.userPoolId,
        [WebAppEnvironment.userPoolClientId]: props.client.userPoolClientId,
        POWERTOOLS_SERVICE_NAME: APPLICATION_SERVICE,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        [Environment.stack]: Stack.of(this).stackName,
      },
    });
    data.grantUse(this.api);
    uploads.grantPresign(this.api);
    // New code relies on the new schema.
    this.api.service.node.addDependency(data.schema);
    const { balancer, service } = this.api;
    watchLoadBalancer(alarms, { loadBalancer: balancer.loadBalancer, targetGroup: balancer.targetGroup, service });
    alarms.watchErrorLines('Application', this.api.task.logGroup, this.api.task.node.path);
  }

  get origin() {
    return this.api.origin;
  }
}
