import { describe, expect, it } from 'vitest';
import { lakeFormation } from '../../../../../lib/operations/doctor/checks/lake-formation';
import { denied } from '../account-fixture';
import { useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const DATABASE = { Lake: { Type: 'AWS::Glue::Database' } };
const byIam = [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }];
const settings = (databases: unknown, tables: unknown) => ({
  'lakeformation:GetDataLakeSettings': () => ({
    DataLakeSettings: {
      DataLakeAdmins: [{ DataLakePrincipalIdentifier: 'arn:aws:iam::111122223333:role/admin' }],
      CreateDatabaseDefaultPermissions: databases,
      CreateTableDefaultPermissions: tables,
    },
  }),
});

describe('the defaults of Lake Formation', () => {
  it.each([
    [byIam, byIam, 'ok'],
    [[], byIam, 'will-fail'],
    [byIam, [], 'will-fail'],
    [byIam, undefined, 'will-fail'],
    [byIam, [{ ...byIam[0], Permissions: ['DESCRIBE'] }], 'will-fail'],
    [byIam, [{ ...byIam[0], Principal: { DataLakePrincipalIdentifier: 'x' } }], 'will-fail'],
  ])('%j and %j: %s', async (databases, tables, expected) => {
    expect((await told(lakeFormation.id, DATABASE, settings(databases, tables))).map(({ is }) => is)).toEqual([
      expected,
    ]);
  });

  it('are changed by a command that keeps the other settings', async () => {
    const [found] = await told(lakeFormation.id, DATABASE, settings([], []));
    const [, json = ''] = /--data-lake-settings '(.*)'$/.exec(found?.commands?.[0] ?? '') ?? [];
    expect(JSON.parse(json)).toEqual({
      DataLakeAdmins: [{ DataLakePrincipalIdentifier: 'arn:aws:iam::111122223333:role/admin' }],
      CreateDatabaseDefaultPermissions: byIam,
      CreateTableDefaultPermissions: byIam,
    });
  });

  it('do not matter without Glue, and cannot be told without permission', async () => {
    expect(await told(lakeFormation.id, { Queue: { Type: 'AWS::SQS::Queue' } }, settings([], []))).toEqual([]);
    expect(await told(lakeFormation.id, DATABASE, { 'lakeformation:GetDataLakeSettings': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for lakeformation:GetDataLakeSettings in eu-west-1' },
    ]);
  });
});
