import { rdsConnectionsAlarm } from '../../../../../lib/checks/rules/rds/rds-connections-alarm';
import { alarm, cases, type Literals, ref } from '../../literal-fixture';

const watched = (type: string): Literals => ({
  Database: [type, {}],
  Alarm: alarm('AWS/RDS', 'DatabaseConnections', ref('Database')),
});
const says = 'no alarm on DatabaseConnections; allowed: at 80% of what it takes, or below';

for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']) {
  cases(rdsConnectionsAlarm, watched(type), [
    ['compliant', 'connections are watched'],
    ['violation', 'they are not', { Alarm: undefined }, says],
    ['not-applicable', 'in development', { Alarm: undefined }, { strict: false }],
  ]);
}
cases(rdsConnectionsAlarm, { Database: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'its' }] }, [
  ['not-applicable', 'its cluster says it'],
]);
const proxy: Literals = {
  Proxy: ['AWS::RDS::DBProxy', {}],
  Clients: alarm('AWS/RDS', 'ClientConnections', ref('Proxy')),
  Wait: alarm('AWS/RDS', 'DatabaseConnectionsBorrowLatency', ref('Proxy')),
};
cases(rdsConnectionsAlarm, proxy, [
  ['compliant', 'clients and their waits are watched'],
  ['violation', 'clients are not', { Clients: undefined }, 'no alarm on ClientConnections of the proxy'],
  ['violation', 'waits are not', { Wait: undefined }, 'no alarm on DatabaseConnectionsBorrowLatency of the proxy'],
  ['not-applicable', 'in development', { Wait: undefined }, { strict: false }],
]);
