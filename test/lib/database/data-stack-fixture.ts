import { type App, type Environment, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type StageName, type StageSettings, stages } from '../../../lib';
import { DataClients } from '../../../lib/database/data-clients';
import { PostgresCluster, type PostgresClusterProps } from '../../../lib/database/postgres-cluster';
import { PostgresProxy } from '../../../lib/database/postgres-proxy';
import { ValkeyCache, type ValkeyCacheProps } from '../../../lib/database/valkey-cache';
import { AppNetwork, type AppNetworkProps } from '../../../lib/network/app-network';
import { DataKey } from '../../../lib/security/data-key';
import { testApp } from '../../synthesize';

/** What a test may change of the blocks. */
export interface DataStackProps {
  readonly app?: App;
  readonly stage?: StageName | StageSettings;
  readonly env?: Environment;
  readonly network?: Partial<AppNetworkProps>;
  readonly database?: Partial<PostgresClusterProps>;
  readonly cache?: Partial<ValkeyCacheProps>;
  /** @default - where the database may have one */
  readonly proxy?: boolean;
}

/** Network, database, proxy and cache in a bare stack. */
export function dataStack(props: DataStackProps = {}) {
  const { app = testApp(), stage: given = 'dev', env } = props;
  const stage = typeof given === 'string' ? stages[given] : given;
  const stack = new Stack(app, 'Data', { env });
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Data of a test' });
  const common = { stage, encryptionKey };
  const network = new AppNetwork(stack, 'Network', { ...common, ...props.network });
  const { vpc, dataSubnets: subnets } = network;
  const { securityGroup: clients } = new DataClients(stack, 'Clients', { vpc });
  const database = new PostgresCluster(stack, 'Database', {
    ...common,
    vpc,
    subnets,
    databaseName: 'app',
    clients,
    ...props.database,
  });
  const proxied = props.proxy ?? database.minCapacity > 0;
  const proxy = proxied
    ? new PostgresProxy(stack, 'Proxy', { ...common, vpc, subnets, database, clients, user: 'app' })
    : undefined;
  const cache = new ValkeyCache(stack, 'Cache', {
    ...common,
    vpc,
    subnets,
    clients,
    keyPrefix: 'item:',
    ...props.cache,
  });
  return { app, stack, stage, encryptionKey, network, clients, database, proxy, cache };
}

/** A key in a stack of its own, for blocks that are brought one. */
export function bareStack(env?: Environment): { readonly stack: Stack; readonly encryptionKey: Key } {
  const stack = new Stack(testApp(), 'Bare', { env });
  return { stack, encryptionKey: new Key(stack, 'Key') };
}
