import { mustHold, notApplicable, type Rule } from '../../rule';

const SCHEMA = 'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration';

export const glueCatalogShared: Rule = {
  id: 'glue-catalog-shared',
  title: 'Firehose writes by a Glue table of the stack, the one that queries read',
  why: 'Firehose writes columns by one table and Athena reads them by another: as soon as one of them changes, columns are empty or queries fail, with no error at delivery.',
  fix: 'Define the AWS::Glue::Table in the template, and name it by Ref in TableName of SchemaConfiguration.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html',
  example: {
    fixed: {
      Delivery: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          ExtendedS3DestinationConfiguration: {
            DataFormatConversionConfiguration: {
              Enabled: true,
              SchemaConfiguration: { DatabaseName: 'lake', TableName: { Ref: 'Events' } },
            },
          },
        },
      },
      Events: {
        Type: 'AWS::Glue::Table',
        Properties: { DatabaseName: 'lake', TableInput: { Name: 'events' } },
      },
    },
    broken: [
      { Events: null },
      {
        'Delivery.Properties.ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration.TableName':
          'other_events',
      },
    ],
  },
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
