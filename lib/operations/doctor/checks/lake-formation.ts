import type { Answers } from '../aws/answers';
import { type Check, ok, willFail } from '../question';

type Settings = NonNullable<Answers['lakeformation:GetDataLakeSettings']['DataLakeSettings']>;
type Defaults = Settings['CreateTableDefaultPermissions'];

/** Whether new databases and tables of Glue are governed by IAM alone, as roles of a stack expect (AWS: Lake Formation, default settings). */
export const lakeFormation: Check = {
  id: 'lake-formation',
  questions: (place) => {
    const resources = place.ofType('AWS::Glue::Database', 'AWS::Glue::Table');
    if (resources.length === 0) return [];
    return [
      {
        subject: 'defaults for new databases and tables',
        resources,
        ask: async (aws) => {
          const { DataLakeSettings: settings = {} } = await aws.call('lakeformation:GetDataLakeSettings');
          const { CreateDatabaseDefaultPermissions: databases, CreateTableDefaultPermissions: tables } = settings;
          if (isByIam(databases) && isByIam(tables)) return ok('IAM alone governs them');
          return willFail(
            'Lake Formation governs new databases and tables of this account: making them, or the first read by a role of the ' +
              'stack, ends in "Insufficient Lake Formation permission(s)". Grant the roles what they need, or change the ' +
              'default of the account, which others may rely on',
            putSettings(settings, place.region),
          );
        },
      },
    ];
  },
};

const BY_IAM = { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] };

function isByIam(defaults: Defaults): boolean {
  return (defaults ?? []).some(
    ({ Principal, Permissions = [] }) =>
      Principal?.DataLakePrincipalIdentifier === BY_IAM.Principal.DataLakePrincipalIdentifier &&
      Permissions.includes('ALL'),
  );
}

/** The call replaces all settings: those that are there stay. */
function putSettings(settings: Settings, region: string): string {
  const changed = { ...settings, CreateDatabaseDefaultPermissions: [BY_IAM], CreateTableDefaultPermissions: [BY_IAM] };
  return `aws lakeformation put-data-lake-settings --region ${region} --data-lake-settings '${JSON.stringify(changed)}'`;
}
