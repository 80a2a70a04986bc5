import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { DATABASES, isMember, isReplica } from '../../relational-database';
import { mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

const SECRET = 'AWS::SecretsManager::Secret';

/** Whether a schedule rotates a secret; one may name the secret's attachment to its database instead. */
function rotates(secret: TemplateResource, inventory: Inventory): boolean {
  return inventory.ofType('AWS::SecretsManager::RotationSchedule').some((schedule) => {
    const named = inventory.referent(schedule, schedule.get('SecretId'));
    return named === secret || (named !== undefined && inventory.names(named, named.properties['SecretId'], secret));
  });
}

/** The secret that a value is of, or RDS's own when it names a database. */
function secretIn(from: TemplateResource, value: unknown, inventory: Inventory): TemplateResource {
  const found = inventory.mustFind(from, value, 'the secret');
  if (found.type === 'AWS::SecretsManager::SecretTargetAttachment')
    return inventory.mustFind(found, found.get('SecretId'), 'the secret');
  return found;
}

const FINDING = 'the password of the database is never changed; allowed: a RotationSchedule on its secret';

function checkProxy(proxy: TemplateResource, inventory: Inventory): Verdict {
  const secrets = proxy
    .maps<{ readonly SecretArn?: unknown }>('Auth')
    .flatMap(({ SecretArn }) => (SecretArn === undefined ? [] : [secretIn(proxy, SecretArn, inventory)]));
  if (secrets.length === 0) return notApplicable;
  return verdict(
    secrets.map((secret) => secret.type === SECRET && !rotates(secret, inventory) && `${secret.logicalId}: ${FINDING}`),
  );
}

export const secretsRotation: Rule = {
  id: 'secrets-rotation',
  title: 'The password of a database rotates on a schedule',
  why: 'A password that never changes works for whoever has copied it, years later still: from an old log, a laptop, or a colleague who left.',
  fix: 'Set ManageMasterUserPassword to true, and RDS rotates it every seven days; or add an AWS::SecretsManager::RotationSchedule for its secret. In the CDK, addRotationSingleUser().',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html',
  example: {
    fixed: {
      Orders: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { Engine: 'aurora-postgresql', MasterUsername: 'admin_user', ManageMasterUserPassword: true },
      },
      Ledger: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          Engine: 'postgres',
          MasterUsername: 'admin_user',
          MasterUserPassword: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password}}']],
          },
        },
      },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 32 } } },
      Schedule: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        Properties: {
          SecretId: { Ref: 'Secret' },
          RotationLambdaARN: { 'Fn::GetAtt': ['RotationFunction', 'Arn'] },
          RotationRules: { AutomaticallyAfterDays: 30 },
        },
      },
    },
    broken: [
      { 'Orders.Properties.ManageMasterUserPassword': null },
      { Schedule: null },
      { 'Ledger.Properties.MasterUserPassword': 'correct-horse' },
    ],
  },
  types: [...DATABASES, 'AWS::RDS::DBProxy'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::RDS::DBProxy') return checkProxy(resource, inventory);
    if (isMember(resource) || isReplica(resource)) return notApplicable;
    // RDS rotates what it manages, every seven days unless told otherwise.
    if (resource.flag('ManageMasterUserPassword') === true) return mustHold(true, FINDING);
    const password = resource.get('MasterUserPassword');
    if (password === undefined) {
      if (resource.has('SnapshotIdentifier')) throw new CannotTell('the password came with the snapshot');
      return mustHold(false, `${FINDING}, or ManageMasterUserPassword true`);
    }
    if (typeof password === 'string' && password.includes('{{resolve:secretsmanager:'))
      throw new CannotTell('the secret is in none of these templates');
    if (typeof password === 'string') return mustHold(false, `${FINDING}, or ManageMasterUserPassword true`);
    const secret = secretIn(resource, password, inventory);
    return mustHold(
      secret.type === SECRET && rotates(secret, inventory),
      `${FINDING}, or ManageMasterUserPassword true`,
    );
  },
};
