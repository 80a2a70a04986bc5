import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { handles } from '../validation/explain';

/** Props of {@link DataClients}. */
export interface DataClientsProps {
  readonly vpc: IVpc;
}

/**
 * What a function or a task wears to be let in by the database, its proxy and the cache: they name this group, and it may open
 * connections to them and HTTPS, to nothing else (vpc-security-group-scope). It belongs to the data, so that what wears it
 * depends on the data and never the other way round.
 */
export class DataClients extends Construct {
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { vpc }: DataClientsProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Clients of the database and the cache: out to them and to HTTPS',
      allowAllOutbound: false,
    });
    // To gateway and interface endpoints, and through NAT gateways: their addresses are AWS's and change.
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS to AWS APIs');
    handles(this.securityGroup, 'vpc-security-group-scope');
  }
}
