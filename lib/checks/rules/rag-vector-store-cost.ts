import type { Inventory } from '../inventory';
import { notApplicable, type Rule, type Verdict, verdict } from '../rule';
import { CannotTell, type TemplateResource } from '../template-resource';

const GROUP = 'AWS::OpenSearchServerless::CollectionGroup';

function checkGroup(group: TemplateResource): Verdict {
  const generation = group.literal('Generation') ?? 'CLASSIC';
  return verdict([
    generation !== 'NEXTGEN' &&
      `Generation is ${String(generation)}, which bills two units by the hour even when idle (about $350 a month); allowed: NEXTGEN`,
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

/** OpenSearch Serverless carries a floor price unless it is of the next generation, so pick the store on purpose. */
export const ragVectorStoreCost: Rule = {
  id: 'rag-vector-store-cost',
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
