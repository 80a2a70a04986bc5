import { secretsRotation } from '../../../../../lib/checks/rules/secrets-manager/secrets-rotation';
import { cases, join, type Literals, PARAMETER, ref } from '../../literal-fixture';

const FINDING = 'the password of the database is never changed; allowed: a RotationSchedule on its secret';
const says = `${FINDING}, or ManageMasterUserPassword true`;
const password = (id: string) => join('{{resolve:secretsmanager:', ref(id), ':SecretString:password::}}');

for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']) {
  const database: Literals = {
    Database: [type, { MasterUserPassword: password('Secret') }],
    Secret: ['AWS::SecretsManager::Secret', {}],
    Attached: ['AWS::SecretsManager::SecretTargetAttachment', { SecretId: ref('Secret') }],
    Schedule: ['AWS::SecretsManager::RotationSchedule', { SecretId: ref('Secret') }],
  };
  const given = (value: unknown, more: object = {}) => ({ 'Database.MasterUserPassword': value, ...more });
  cases(secretsRotation, database, [
    ['compliant', 'its secret rotates'],
    ['compliant', 'what attaches it does', { 'Schedule.SecretId': ref('Attached') }],
    ['compliant', 'its password is that of the attachment', given(password('Attached'))],
    ['violation', 'nothing rotates', { Schedule: undefined }, says],
    ['violation', 'another rotates', { 'Schedule.SecretId': 'other' }, says],
    [
      'violation',
      'what attaches another does',
      { 'Schedule.SecretId': ref('Attached'), 'Attached.SecretId': 'other' },
      says,
    ],
    ['violation', 'its password is a text', given('secret'), says],
    ['violation', 'it has none', given(undefined), says],
    ['compliant', 'RDS manages it', given(undefined, { 'Database.ManageMasterUserPassword': 'true' })],
    ['violation', 'RDS does not', given(undefined, { 'Database.ManageMasterUserPassword': false }), says],
    ['cannot-tell', 'it came with a snapshot', given(undefined, { 'Database.SnapshotIdentifier': 'snap' })],
    ['cannot-tell', 'its secret is elsewhere', given('{{resolve:secretsmanager:theirs}}')],
    ['cannot-tell', 'a parameter is it', given(PARAMETER)],
    ['violation', 'what it names is no secret', { Secret: ['AWS::SSM::Parameter', {}] }, says],
    ['not-applicable', 'it copies another', given(undefined, { 'Database.ReplicationSourceIdentifier': 'other' })],
  ]);
}
cases(secretsRotation, { Database: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'its' }] }, [
  ['not-applicable', 'its cluster says it'],
]);

const proxy: Literals = {
  Proxy: ['AWS::RDS::DBProxy', { Auth: [{ SecretArn: ref('Secret') }] }],
  Secret: ['AWS::SecretsManager::Secret', {}],
  Schedule: ['AWS::SecretsManager::RotationSchedule', { SecretId: ref('Secret') }],
};
cases(secretsRotation, proxy, [
  ['compliant', 'its secret rotates'],
  ['violation', 'it does not', { Schedule: undefined }, `Secret: ${FINDING}`],
  ['compliant', 'RDS has it', { Secret: ['AWS::RDS::DBCluster', {}], Schedule: undefined }],
  ['not-applicable', 'it has none', { 'Proxy.Auth': [{}] }],
  ['cannot-tell', 'its secret is elsewhere', { 'Proxy.Auth.0.SecretArn': 'theirs' }],
]);
