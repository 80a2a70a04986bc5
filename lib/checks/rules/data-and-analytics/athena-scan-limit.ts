import { type Rule, verdict } from '../../rule';

/** Athena bills what is scanned, and one forgotten WHERE scans all of it. */
export const athenaScanLimit: Rule = {
  id: 'athena-scan-limit',
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
