import { BlockList } from 'node:net';
import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';

/** Something with addresses in the VPC. */
interface Member {
  readonly groups: readonly string[];
  readonly subnets: readonly string[];
}

/** A rule of a security group. */
interface GroupRule {
  readonly group: string;
  readonly egress: boolean;
  /** Ports, both included; all of them for every protocol. */
  readonly ports: readonly [from: number, to: number];
  /** A group, a block of addresses, or a prefix list. */
  readonly peer: string;
}

/** What connects to what in a VPC, as far as security groups, routes and endpoints decide. */
export interface NetworkPicture {
  /** Ports that one member may open at another, as `application -> database: 5432`. */
  readonly connections: readonly string[];
  /** What a member lets in from other than groups, as `balancer: 80 from pl-1`. */
  readonly lets: readonly string[];
  /** Ports of any address that a member may open, as `application: 443`. */
  readonly calls: readonly string[];
  /** Where routes lead out of the VPC, by member: `internet gateway` or `NAT`; once for all of its subnets, or mixed. */
  readonly exits: Readonly<Record<string, readonly string[]>>;
  /** Gateway endpoints that all of a member's subnets lead to, by the last word of the service's name. */
  readonly endpoints: Readonly<Record<string, readonly string[]>>;
  /** Members with an address that the internet knows. */
  readonly open: readonly string[];
}

const ANYWHERE = '0.0.0.0/0';
const ALL_PORTS = [0, 65_535] as const;

/** Reads a template's network. */
export function networkOf(template: ResolvedTemplate): NetworkPicture {
  const members = membersOf(template);
  const rules = rulesOf(template);
  const names = [...members.keys()];
  const [{ properties: vpc } = { properties: {} as ResolvedResource['properties'] }] = template.ofType('AWS::EC2::VPC');
  const inside = String(vpc['CidrBlock']);
  const of = ({ groups }: Member, egress: boolean) =>
    rules.filter((rule) => rule.egress === egress && groups.includes(rule.group));
  const meets = ({ peer }: GroupRule, { groups }: Member) =>
    peer.includes('/') ? overlaps(peer, inside) : groups.includes(peer);
  const ports = (from: Member, to: Member) =>
    of(from, true)
      .filter((out) => meets(out, to))
      .flatMap((out) =>
        of(to, false)
          .filter((into) => meets(into, from))
          .flatMap((into) => common(out.ports, into.ports)),
      );
  const byMember = <T>(read: (member: Member) => T) =>
    Object.fromEntries([...members].map(([name, member]) => [name, read(member)]));
  return {
    connections: names.flatMap((from) =>
      names
        .filter((to) => to !== from)
        .flatMap((to) => {
          const [source, target] = [members.get(from), members.get(to)];
          if (source === undefined || target === undefined) return [];
          return [...new Set(ports(source, target))].map((each) => `${from} -> ${to}: ${each}`);
        }),
    ),
    lets: [...members].flatMap(([name, member]) =>
      of(member, false)
        .filter(({ peer }) => !isGroup(template, peer))
        .map((rule) => `${name}: ${text(rule.ports)} from ${rule.peer}`),
    ),
    calls: [...members].flatMap(([name, member]) => [
      ...new Set(
        of(member, true)
          .filter(({ peer }) => peer === ANYWHERE)
          .map((rule) => `${name}: ${text(rule.ports)}`),
      ),
    ]),
    exits: byMember(({ subnets }) => [...new Set(subnets.flatMap((subnet) => exitsOf(template, subnet)))]),
    endpoints: byMember(({ subnets }) => gatewayEndpoints(template, subnets)),
    open: openMembers(template),
  };
}

function membersOf(template: ResolvedTemplate): ReadonlyMap<string, Member> {
  const list = (value: unknown) => (value ?? []) as readonly string[];
  const members = new Map<string, Member>();
  const add = (name: string, groups: unknown, subnets: unknown) => {
    if (members.has(name)) throw new Error(`The template has two of ${name}`);
    members.set(name, { groups: list(groups), subnets: list(subnets) });
  };
  for (const { logicalId, properties } of template.ofType('AWS::Lambda::Function')) {
    const vpc = properties['VpcConfig'] as { SecurityGroupIds: unknown; SubnetIds: unknown } | undefined;
    const name = logicalId.includes('Inspector') ? 'inspector' : 'application';
    if (vpc !== undefined) add(name, vpc.SecurityGroupIds, vpc.SubnetIds);
  }
  for (const { properties } of template.ofType('AWS::ECS::Service')) {
    const { AwsvpcConfiguration } = properties['NetworkConfiguration'] as {
      AwsvpcConfiguration: { SecurityGroups: unknown; Subnets: unknown };
    };
    add('application', AwsvpcConfiguration.SecurityGroups, AwsvpcConfiguration.Subnets);
  }
  for (const { properties } of template.ofType('AWS::RDS::DBCluster')) {
    const group = template
      .ofType('AWS::RDS::DBSubnetGroup')
      .find(({ name }) => name === properties['DBSubnetGroupName']);
    add('database', properties['VpcSecurityGroupIds'], group?.properties['SubnetIds']);
  }
  for (const { properties } of template.ofType('AWS::RDS::DBProxy')) {
    add('proxy', properties['VpcSecurityGroupIds'], properties['VpcSubnetIds']);
  }
  for (const { properties } of template.ofType('AWS::RDS::DBProxyEndpoint')) {
    add('read proxy', properties['VpcSecurityGroupIds'], properties['VpcSubnetIds']);
  }
  for (const { properties } of template.ofType('AWS::ElastiCache::ServerlessCache')) {
    add('cache', properties['SecurityGroupIds'], properties['SubnetIds']);
  }
  for (const { properties } of template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')) {
    add('balancer', properties['SecurityGroups'], properties['Subnets']);
  }
  return members;
}

/** Rules in groups and beside them. A group without a rule for what goes out gets EC2's, for everything (AWS::EC2::SecurityGroup). */
function rulesOf(template: ResolvedTemplate): GroupRule[] {
  const groups = template.ofType('AWS::EC2::SecurityGroup');
  const inline = groups.flatMap(({ name, properties }) =>
    (['SecurityGroupIngress', 'SecurityGroupEgress'] as const).flatMap((key) =>
      ((properties[key] ?? []) as ResolvedResource['properties'][]).map((rule) =>
        groupRule(name, key === 'SecurityGroupEgress', rule),
      ),
    ),
  );
  const beside = (['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'] as const).flatMap((type) =>
    template
      .ofType(type)
      .map(({ properties }) => groupRule(String(properties['GroupId']), type.endsWith('Egress'), properties)),
  );
  const all = [...inline, ...beside];
  const open = groups.filter(({ name }) => !all.some(({ group, egress }) => egress && group === name));
  return [...all, ...open.map(({ name: group }) => ({ group, egress: true, ports: ALL_PORTS, peer: ANYWHERE }))];
}

function groupRule(group: string, egress: boolean, rule: ResolvedResource['properties']): GroupRule {
  const peers = ['CidrIp', 'CidrIpv6', ...PEERS.flatMap((peer) => [`Source${peer}`, `Destination${peer}`])];
  const peer = peers.map((name) => rule[name]).find((value) => value !== undefined);
  const { FromPort, ToPort, IpProtocol } = rule as { FromPort?: number; ToPort?: number; IpProtocol: string };
  const ports = IpProtocol === '-1' ? ALL_PORTS : ([FromPort ?? 0, ToPort ?? 65_535] as const);
  return { group, egress, ports, peer: String(peer) };
}

const PEERS = ['SecurityGroupId', 'PrefixListId'];

function isGroup(template: ResolvedTemplate, peer: string): boolean {
  return template.ofType('AWS::EC2::SecurityGroup').some(({ name }) => name === peer);
}

function overlaps(block: string, other: string): boolean {
  const holds = (outer: string, inner: string) => {
    const [address = '', bits] = outer.split('/');
    const list = new BlockList();
    list.addSubnet(address, Number(bits));
    return list.check(inner.split('/')[0] ?? '');
  };
  return holds(block, other) || holds(other, block);
}

function common([a, b]: readonly [number, number], [c, d]: readonly [number, number]): string[] {
  const [from, to] = [Math.max(a, c), Math.min(b, d)];
  return from <= to ? [text([from, to])] : [];
}

function text([from, to]: readonly [number, number]): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function tableOf(template: ResolvedTemplate, subnet: string): string | undefined {
  const association = template
    .ofType('AWS::EC2::SubnetRouteTableAssociation')
    .find(({ properties }) => properties['SubnetId'] === subnet);
  return association?.properties['RouteTableId'] as string | undefined;
}

function exitsOf(template: ResolvedTemplate, subnet: string): string[] {
  const table = tableOf(template, subnet);
  return template
    .ofType('AWS::EC2::Route')
    .filter(({ properties }) => properties['RouteTableId'] === table)
    .map(({ properties }) => (properties['NatGatewayId'] === undefined ? 'internet gateway' : 'NAT'));
}

function gatewayEndpoints(template: ResolvedTemplate, subnets: readonly string[]): string[] {
  const tables = subnets.map((subnet) => tableOf(template, subnet) ?? '');
  return template
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => {
      const routed = (properties['RouteTableIds'] ?? []) as readonly string[];
      return tables.length > 0 && tables.every((table) => routed.includes(table));
    })
    .map(({ properties }) => String(properties['ServiceName']).split('.').at(-1) ?? '')
    .sort();
}

function openMembers(template: ResolvedTemplate): string[] {
  const is = (type: string, open: (properties: ResolvedResource['properties']) => boolean) =>
    template.ofType(type).flatMap(({ logicalId, properties }) => (open(properties) ? [logicalId] : []));
  return [
    ...is('AWS::RDS::DBInstance', ({ PubliclyAccessible }) => PubliclyAccessible !== false),
    ...is('AWS::ElasticLoadBalancingV2::LoadBalancer', ({ Scheme }) => Scheme !== 'internal'),
    ...is('AWS::ECS::Service', (properties) => !JSON.stringify(properties).includes('"AssignPublicIp":"DISABLED"')),
    ...is('AWS::EC2::Subnet', ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === true),
  ];
}
