import { CfnResource, Stack, type Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TemplateDocument } from '../template/template-resource';
import { Inventory, type InventoryOptions } from './inventory';
import { type Finding, findingsIn } from './run-rules';

/** Construct paths of an app's resources, by stack and logical id, as {@link Inventory} takes them. */
export function constructPaths(root: IConstruct): Map<string, string> {
  const resources = root.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return new Map(
    resources.map((resource) => {
      const stack = Stack.of(resource);
      return [`${stack.artifactId}/${String(stack.resolve(resource.logicalId))}`, resource.node.path];
    }),
  );
}

/** What the templates of an app's stacks are called, by the names that the stacks have in CloudFormation. */
export function stackNames(root: IConstruct): Map<string, string> {
  const stacks = root.node.findAll().filter((construct) => Stack.isStack(construct));
  return new Map(stacks.map(({ stackName, artifactId }) => [stackName, artifactId]));
}

/** Synthesizes an app, or a stage of one, and runs every rule on all of its stacks. */
export function runRules(app: Stage, options: InventoryOptions = {}): Finding[] {
  const { stacksRecursively } = app.synth();
  const templates = stacksRecursively.map((stack) => [stack.id, stack.template as TemplateDocument] as const);
  return findingsIn(
    new Inventory(Object.fromEntries(templates), { stackNames: stackNames(app), ...options }, constructPaths(app)),
  );
}
