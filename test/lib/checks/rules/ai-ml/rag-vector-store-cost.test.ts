import { ragVectorStoreCost } from '../../../../../lib/checks/rules/ai-ml/rag-vector-store-cost';
import { type Case, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const COLLECTION = 'AWS::OpenSearchServerless::Collection';
const limits = { MaxIndexingCapacityInOcu: 2, MaxSearchCapacityInOcu: 2 };
const group: Literals = {
  Group: [
    'AWS::OpenSearchServerless::CollectionGroup',
    { Name: 'docs', Generation: 'NEXTGEN', CapacityLimits: limits },
  ],
};
const classic = 'Generation is CLASSIC, which bills two units by the hour even when idle';
const unbounded = (name: string) => `CapacityLimits.${name} is not set, so nothing bounds the bill`;

const wrong: readonly Case[] = [
  ['violation', 'it is classic', { 'Group.Generation': 'CLASSIC' }, classic],
  ['violation', 'it does not say', { 'Group.Generation': undefined }, classic],
  ...Object.keys(limits).map(
    (name): Case => [
      'violation',
      `no ${name} is set`,
      { [`Group.CapacityLimits.${name}`]: undefined },
      unbounded(name),
    ],
  ),
  ['violation', 'no limit is set', { 'Group.CapacityLimits': undefined }, Object.keys(limits).map(unbounded)],
  ['cannot-tell', 'a parameter says it', { 'Group.Generation': PARAMETER }],
];
cases(ragVectorStoreCost, group, [['compliant', 'it bills by use'], ...wrong]);
cases(
  ragVectorStoreCost,
  { Docs: [COLLECTION, { Type: 'VECTORSEARCH', CollectionGroupName: ref('Group') }], ...group },
  [
    ['compliant', 'its group bills by use'],
    ['compliant', 'its group is named', { 'Docs.CollectionGroupName': 'docs' }],
    [
      'compliant',
      'both are named by the same parameter',
      { 'Docs.CollectionGroupName': PARAMETER, 'Group.Name': PARAMETER },
    ],
    ...wrong,
    [
      'violation',
      'it is in no group',
      { 'Docs.CollectionGroupName': undefined },
      'in no collection group, so of the classic generation',
    ],
    ['not-applicable', 'it holds logs', { 'Docs.Type': 'TIMESERIES', 'Docs.CollectionGroupName': undefined }],
    ['cannot-tell', 'its group is elsewhere', { 'Docs.CollectionGroupName': 'theirs' }],
  ],
);
