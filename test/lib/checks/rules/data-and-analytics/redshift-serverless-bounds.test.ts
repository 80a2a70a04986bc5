import { redshiftServerlessBounds } from '../../../../../lib/checks/rules/data-and-analytics/redshift-serverless-bounds';
import { cases, type Literals, mustBe, PARAMETER } from '../../literal-fixture';

const group: Literals = { Group: ['AWS::RedshiftServerless::Workgroup', { MaxCapacity: 16 }] };

mustBe(redshiftServerlessBounds, group, 'Group.PubliclyAccessible', false, 'PubliclyAccessible is true', 'compliant');
cases(redshiftServerlessBounds, group, [
  [
    'violation',
    'nothing bounds it',
    { 'Group.MaxCapacity': undefined },
    'MaxCapacity is not set, so the bill has no bound',
  ],
  ['cannot-tell', 'a parameter does', { 'Group.MaxCapacity': PARAMETER }],
]);
cases(redshiftServerlessBounds, { Cluster: ['AWS::Redshift::Cluster', {}] }, [
  ['violation', 'it bills by the hour', {}, 'a cluster bills by the hour, asked or not'],
]);
