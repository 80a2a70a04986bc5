import {
  AspectPriority,
  CfnResource,
  CrossStackReferences,
  type IAspect,
  Reference,
  ReferenceStrength,
  Stack,
  Tokenization,
} from 'aws-cdk-lib';
import { isRevision, resourceType } from '../facts/resource-types';
import { propertyOf, resourcesNamedIn, setProperty } from '../naming/resource-references';
import { addOwnAspect } from './apply-aspects';

/**
 * Takes a value of another stack by a strong reference where its change replaces the resource that reads it: CloudFormation knows an
 * imported value before it changes anything, and a weak one it takes for another that may be, so that each update plans a replacement
 * (CDK issue 38829).
 */
export function importWhatReplaces(stack: Stack): void {
  const strengthenAll: IAspect = {
    visit: (node) => {
      if (!CfnResource.isCfnResource(node) || Stack.of(node) !== stack || isRevision(node.cfnResourceType)) return;
      const paths = resourceType(node.cfnResourceType)?.yes ?? [];
      for (const name of new Set(paths.map((path) => path.split('.')[0] ?? path))) strengthen(node, name);
    },
  };
  addOwnAspect(stack, strengthenAll, AspectPriority.READONLY);
}

/** Imports what a property names in other stacks: the value alone where it is one, else whatever is named within it. */
function strengthen(resource: CfnResource, name: string): void {
  const value = propertyOf(resource, name);
  const elsewhere = [...resourcesNamedIn(value, resource)].filter((each) => Stack.of(each) !== Stack.of(resource));
  if (elsewhere.length === 0) return;
  if (isReference(value)) setProperty(resource, name, Stack.consumeReference(value, ReferenceStrength.STRONG));
  else for (const each of elsewhere) CrossStackReferences.of(each).produce(ReferenceStrength.STRONG);
}

/** Whether a value is one attribute of one resource, and nothing else. */
function isReference(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const { length, firstToken } = Tokenization.reverseString(value);
  return length === 1 && firstToken !== undefined && Reference.isReference(firstToken);
}
