import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic';
import { Alarms } from '../../lib/monitoring/alarms';
import { watchNat } from '../../lib/monitoring/database-alarms';
import { AppNetwork, type NatChoice } from '../../lib/network/app-network';
import { DataKey } from '../../lib/security/data-key';
import { type StageSettings, stages } from '../../lib/stage/stage';
import { refuse } from '../../lib/validation/refuse';
import type { Compute, WebAppProps } from './web-app-props';

/** What everything else stands on: the key, the alarm topic, and the network. */
export class WebAppFoundation extends Construct {
  readonly stage: StageSettings;
  readonly dataKey: DataKey;
  readonly alarmTopic: AlarmTopic;
  readonly alarms: Alarms;
  /** Undefined when the VPC is yours. */
  readonly network?: AppNetwork;
  readonly vpc: IVpc;
  /** Where functions and tasks are. */
  readonly appSubnets: SubnetSelection;
  /** Where the database and the cache are; they have no way out. */
  readonly dataSubnets: SubnetSelection;

  /** @throws RefusedValueError for a network that the compute cannot work in. */
  constructor(scope: Construct, id: string, props: WebAppProps = {}) {
    super(scope, id);
    const { stage = stages.dev, existing = {}, compute = 'lambda' } = props;
    this.stage = stage;
    this.dataKey = new DataKey(this, 'DataKey', {
      stage,
      description: 'Database, cache, files and logs of the web app',
      existing: existing.encryptionKey,
    });
    const encryptionKey = this.dataKey.key;
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      stage,
      encryptionKey,
      email: props.alarmEmail,
      existing: existing.alarmTopic,
    });
    this.alarms = new Alarms(this, 'Alarms', { stage, topic: this.alarmTopic.topic });
    if (existing.vpc !== undefined) {
      this.vpc = existing.vpc;
      const { isolatedSubnets, privateSubnets } = existing.vpc;
      this.dataSubnets = { subnets: isolatedSubnets.length > 0 ? isolatedSubnets : privateSubnets };
      this.appSubnets = { subnets: privateSubnets.length > 0 ? privateSubnets : isolatedSubnets };
      return;
    }
    const nat = props.network?.nat ?? natFor(compute, stage);
    this.refuseTasksWithoutKeys(nat, props);
    this.network = new AppNetwork(this, 'Network', {
      stage,
      encryptionKey,
      nat,
      zones: props.network?.zones,
      egressGbPerMonth: props.network?.egressGbPerMonth,
    });
    ({ vpc: this.vpc, appSubnets: this.appSubnets, dataSubnets: this.dataSubnets } = this.network);
    const { natGateways } = this.network;
    natGateways.forEach((gateway, index) => {
      watchNat(this.alarms, `Nat${natGateways.length > 1 ? index + 1 : ''}`, gateway);
    });
  }

  /** Tasks check tokens by the pool's public keys, and Cognito answers them to no one inside a VPC without NAT. */
  private refuseTasksWithoutKeys(nat: NatChoice, { compute, existing }: WebAppProps): void {
    if (compute !== 'fargate' || nat !== 'none' || existing?.image !== undefined) return;
    refuse(this, {
      prop: 'network.nat',
      value: nat,
      allowed: "'one', 'per-zone' or 'regional' with compute 'fargate'",
      fix:
        'leave nat out: tasks fetch the public keys of the user pool, and a pool with a domain answers nothing through ' +
        'PrivateLink (AWS: Cognito, interface endpoints); or use Lambda, which needs neither',
      catalogueId: 'vpc-interface-endpoint-breakeven',
    });
  }
}

/** Lambda needs no way out. Tasks do, and one NAT gateway costs less than interface endpoints for their image and logs. */
function natFor(compute: Compute, stage: StageSettings): NatChoice {
  if (compute === 'lambda') return 'none';
  return stage.name === 'dev' ? 'one' : 'regional';
}
