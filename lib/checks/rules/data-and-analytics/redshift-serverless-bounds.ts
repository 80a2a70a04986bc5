import { mustHold, type Rule, verdict } from '../../rule';

/** Redshift Serverless for variable load, with a spend cap. */
export const redshiftServerlessBounds: Rule = {
  id: 'redshift-serverless-bounds',
  types: ['AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Workgroup'],
  check: (resource) => {
    if (resource.type === 'AWS::Redshift::Cluster') {
      return mustHold(false, 'a cluster bills by the hour, asked or not; allowed: a Redshift Serverless workgroup');
    }
    return verdict([
      resource.number('MaxCapacity') === undefined && 'MaxCapacity is not set, so the bill has no bound',
      resource.flag('PubliclyAccessible') === true && 'PubliclyAccessible is true',
    ]);
  },
};
