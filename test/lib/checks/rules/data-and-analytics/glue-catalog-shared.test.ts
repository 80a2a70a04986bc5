import { glueCatalogShared } from '../../../../../lib/checks/rules/data-and-analytics/glue-catalog-shared';
import { cases, type Literals, ref } from '../../literal-fixture';

const SCHEMA = 'Delivery.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration';
const delivery: Literals = {
  Delivery: [
    'AWS::KinesisFirehose::DeliveryStream',
    {
      ExtendedS3DestinationConfiguration: {
        DataFormatConversionConfiguration: { SchemaConfiguration: { TableName: ref('Events') } },
      },
    },
  ],
  Events: ['AWS::Glue::Table', {}],
};
const says = 'SchemaConfiguration.TableName names no AWS::Glue::Table of these templates';

cases(glueCatalogShared, delivery, [
  ['compliant', 'it writes by the table that is read'],
  ['violation', 'it writes by another', { [`${SCHEMA}.TableName`]: 'theirs' }, says],
  ['violation', 'it writes by a database', { Events: ['AWS::Glue::Database', {}] }, says],
  ['violation', 'it names none', { [`${SCHEMA}.TableName`]: undefined }, says],
  ['not-applicable', 'it has no schema', { [SCHEMA]: undefined }],
]);
