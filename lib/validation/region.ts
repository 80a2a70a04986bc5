import { CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { lacksType, nearestRegion, REGIONS_DATE, REGIONS_SOURCE, type RegionalFeature } from '../facts/regions';
import { RefusedValueError } from './refuse';

/** Context key of types that regions have got since the table was made, separated by commas. */
export const REGION_HAS = 'groundplan:regionHas';

/** What stacks need beside their resource types; a stack with an entry is checked at synth. */
const CHECKED = new WeakMap<Stack, RegionalFeature[]>();

/**
 * Has a stack checked at synth, once: whether its region has each type of resource in it, and each feature that was named. Each block
 * calls it. What is missing is one refusal, which names the nearest region that has all of it. A region that only the deployment knows
 * is not checked.
 *
 * @param features what is no resource type
 */
export function checkRegion(scope: IConstruct, ...features: RegionalFeature[]): void {
  const stack = topStack(scope);
  const known = CHECKED.get(stack);
  const needed = known ?? [];
  needed.push(...features.filter((feature) => !needed.includes(feature)));
  if (known !== undefined) return;
  CHECKED.set(stack, needed);
  stack.node.addValidation({ validate: () => refuseMissing(stack) });
}

/** @throws RefusedValueError with all that the region lacks, rather than one error for each resource */
function refuseMissing(stack: Stack): string[] {
  const { region } = stack;
  if (Token.isUnresolved(region)) return [];
  const types = lackingOf(stack, region);
  const features = (CHECKED.get(stack) ?? []).filter(({ isIn, otherwise }) => otherwise !== undefined && !isIn(region));
  if (types.length === 0 && features.length === 0) return [];
  const nearest = nearestRegion(region, fitsAll(stack));
  const ways = [
    ...(types.length === 0 ? features.flatMap(({ otherwise }) => otherwise ?? []) : []),
    nearest === undefined
      ? 'deploy to another partition: no region of this one has all that the stack uses'
      : `deploy to ${nearest}, the nearest region that has all of it (env: { region: '${nearest}' }, or -c region=${nearest} in the app of this project)`,
  ];
  const since =
    types.length === 0
      ? ''
      : ` The list is of ${REGIONS_DATE} (${REGIONS_SOURCE}); if AWS has added ${types.length === 1 ? 'it' : 'them'} since, pass -c ${REGION_HAS}=${types.join(',')}`;
  throw new RefusedValueError(stack.node.path, {
    prop: 'region',
    value: region,
    allowed: `a region that has what the stack uses; this one has no ${[...types, ...features.map(({ title }) => title)].join(', ')}`,
    fix: `${ways.join(', or ')}.${since}`,
  });
}

/** Types in a stack that a region lacks. */
function lackingOf(stack: Stack, region: string): readonly string[] {
  const added = String(stack.node.tryGetContext(REGION_HAS) ?? '').split(',');
  return typesOf(stack).filter((type) => lacksType(region, type) && !added.includes(type));
}

function typesOf(stack: Stack): readonly string[] {
  const types = stack.node
    .findAll()
    .filter((each): each is CfnResource => CfnResource.isCfnResource(each) && topStack(each) === stack)
    .map(({ cfnResourceType }) => cfnResourceType);
  return [...new Set(types)].sort();
}

/** Whether a region has all of the app that is in one with the stack: its parts move together. */
function fitsAll(stack: Stack): (region: string) => boolean {
  const together = (Stage.of(stack) ?? stack.node.root).node
    .findAll()
    .filter((each): each is Stack => Stack.isStack(each) && topStack(each) === each && each.region === stack.region);
  const types = [...new Set(together.flatMap(typesOf))];
  const features = together.flatMap((each) => CHECKED.get(each) ?? []);
  return (region) => types.every((type) => !lacksType(region, type)) && features.every(({ isIn }) => isIn(region));
}

/** The stack that is deployed by itself: nested ones share its region. */
function topStack(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent === undefined ? stack : topStack(stack.nestedStackParent);
}
