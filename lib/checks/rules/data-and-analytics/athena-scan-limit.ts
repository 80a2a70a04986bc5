import { type Rule, verdict } from '../../rule';

export const athenaScanLimit: Rule = {
  id: 'athena-scan-limit',
  title: 'A workgroup of Athena limits what one query scans, and encrypts its answers',
  why: 'Athena bills each terabyte that it scans at $5, and one query without a WHERE clause scans the whole lake. A client that may choose its own settings stores its answers without encryption.',
  fix: 'Set BytesScannedCutoffPerQuery and EncryptionConfiguration in WorkGroupConfiguration, and leave EnforceWorkGroupConfiguration true.',
  severity: 'error',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html',
  example: {
    fixed: {
      Analysts: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: 'analysts',
          WorkGroupConfiguration: {
            BytesScannedCutoffPerQuery: 100_000_000_000,
            EnforceWorkGroupConfiguration: true,
            ResultConfiguration: {
              OutputLocation: 's3://answers/',
              EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
            },
          },
        },
      },
    },
    broken: [
      { 'Analysts.Properties.WorkGroupConfiguration': null },
      { 'Analysts.Properties.WorkGroupConfiguration.BytesScannedCutoffPerQuery': null },
      { 'Analysts.Properties.WorkGroupConfiguration.EnforceWorkGroupConfiguration': false },
      { 'Analysts.Properties.WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration': null },
    ],
  },
  types: ['AWS::Athena::WorkGroup'],
  check: (workgroup) => {
    const result = 'WorkGroupConfiguration.ResultConfiguration';
    return verdict([
      workgroup.number('WorkGroupConfiguration.BytesScannedCutoffPerQuery') === undefined &&
        'BytesScannedCutoffPerQuery is not set',
      // What is not said is true (AWS::Athena::WorkGroup).
      workgroup.flag('WorkGroupConfiguration.EnforceWorkGroupConfiguration') === false &&
        'EnforceWorkGroupConfiguration is false, so a client chooses its own settings',
      !workgroup.has(`${result}.EncryptionConfiguration`) && 'the answers of queries are not encrypted',
    ]);
  },
};
