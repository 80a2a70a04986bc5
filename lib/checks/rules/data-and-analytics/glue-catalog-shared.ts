import { mustHold, notApplicable, type Rule } from '../../rule';

const SCHEMA = 'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration';

/** What Firehose writes by one table and Athena reads by another drifts apart. */
export const glueCatalogShared: Rule = {
  id: 'glue-catalog-shared',
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  check: (delivery, inventory) => {
    if (!delivery.has(SCHEMA)) return notApplicable;
    const table = inventory.referent(delivery, delivery.get(`${SCHEMA}.TableName`));
    return mustHold(
      table?.type === 'AWS::Glue::Table',
      'SchemaConfiguration.TableName names no AWS::Glue::Table of these templates; allowed: the one that queries read',
    );
  },
};
