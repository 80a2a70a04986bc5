import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

const GROUP = 'AWS::OpenSearchServerless::CollectionGroup';

function checkGroup(group: TemplateResource): Verdict {
  const generation = group.literal('Generation') ?? 'CLASSIC';
  return verdict([
    generation !== 'NEXTGEN' &&
      `Generation is ${String(generation)}, which bills two units by the hour even when idle (about $350 a month); allowed: NEXTGEN, or AWS::S3Vectors`,
    ...['MaxIndexingCapacityInOcu', 'MaxSearchCapacityInOcu'].map(
      (limit) =>
        !group.has(`CapacityLimits.${limit}`) && `CapacityLimits.${limit} is not set, so nothing bounds the bill`,
    ),
  ]);
}

/** Whether a collection is in a group of these templates, by reference or by the same name. */
function groupOf(collection: TemplateResource, inventory: Inventory): TemplateResource | undefined {
  const name = collection.get('CollectionGroupName');
  const named = [...inventory.references(collection, name)].find(({ resource }) => resource.type === GROUP);
  const text = JSON.stringify(name);
  return named?.resource ?? inventory.ofType(GROUP).find((each) => JSON.stringify(each.get('Name')) === text);
}

export const ragVectorStoreCost: Rule = {
  id: 'rag-vector-store-cost',
  title: 'A vector collection does not bill while idle, and its capacity has an upper limit',
  why: 'The classic generation of OpenSearch Serverless bills two capacity units by the hour with no request at all, about $350 a month. Without an upper limit, load or a loop scales the bill as far as it likes.',
  fix: 'Store vectors in AWS::S3Vectors. Or put the collection in an AWS::OpenSearchServerless::CollectionGroup with MaxIndexingCapacityInOcu and MaxSearchCapacityInOcu, of Generation NEXTGEN after you have seen your knowledge base retrieve from it (one public report says that Retrieve returns 403), or of CLASSIC with this finding acknowledged and its monthly price as the reason.',
  severity: 'error',
  profile: 'cost',
  address:
    'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/collection-groups-capacity-limits.html',
  example: {
    fixed: {
      Group: {
        Type: 'AWS::OpenSearchServerless::CollectionGroup',
        Properties: {
          Name: 'docs',
          StandbyReplicas: 'ENABLED',
          Generation: 'NEXTGEN',
          CapacityLimits: { MaxIndexingCapacityInOcu: 2, MaxSearchCapacityInOcu: 2 },
        },
      },
      Collection: {
        Type: 'AWS::OpenSearchServerless::Collection',
        Properties: { Name: 'docs', Type: 'VECTORSEARCH', CollectionGroupName: 'docs' },
      },
    },
    broken: [
      { 'Collection.Properties.CollectionGroupName': null },
      { 'Group.Properties.Generation': null },
      { 'Group.Properties.Generation': 'CLASSIC' },
      { 'Group.Properties.CapacityLimits': null },
      { 'Group.Properties.CapacityLimits.MaxIndexingCapacityInOcu': null },
      { 'Group.Properties.CapacityLimits.MaxSearchCapacityInOcu': null },
    ],
  },
  types: ['AWS::OpenSearchServerless::Collection', GROUP],
  check: (resource, inventory) => {
    if (resource.type === GROUP) return checkGroup(resource);
    if (resource.literal('Type') !== 'VECTORSEARCH') return notApplicable;
    if (!resource.has('CollectionGroupName')) {
      return verdict([
        'in no collection group, so of the classic generation: two units by the hour even when idle (about $350 a month); allowed: a group of generation NEXTGEN, or AWS::S3Vectors',
      ]);
    }
    const group = groupOf(resource, inventory);
    if (group === undefined) throw new CannotTell('the collection group is not in these templates');
    return checkGroup(group);
  },
};
