import { CfnResource, Stack, type Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { CatalogueId } from '../catalogue/catalogue';
import type { TemplateDocument, TemplateResource } from '../template/template-resource';
import { Inventory, type InventoryOptions } from './inventory';
import { judge, type Verdict } from './rule';
import { RULES } from './rules';

/** What one rule says of one resource that it applies to. */
export interface Finding {
  readonly id: CatalogueId;
  readonly resource: TemplateResource;
  readonly verdict: Exclude<Verdict, { kind: 'not-applicable' }>;
}

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

/** Runs every rule on templates, by stack name. Use it on what `cdk synth` wrote, or on any template. */
export function runRulesOnTemplates(
  templates: Readonly<Record<string, TemplateDocument>>,
  options: InventoryOptions = {},
): Finding[] {
  return findings(new Inventory(templates, options));
}

/** Synthesizes an app, or a stage of one, and runs every rule on all of its stacks. */
export function runRules(app: Stage, options: InventoryOptions = {}): Finding[] {
  const { stacksRecursively } = app.synth();
  const templates = stacksRecursively.map((stack) => [stack.id, stack.template as TemplateDocument] as const);
  return findings(
    new Inventory(Object.fromEntries(templates), { stackNames: stackNames(app), ...options }, constructPaths(app)),
  );
}

function findings(inventory: Inventory): Finding[] {
  return inventory.resources.flatMap((resource) =>
    RULES.filter(({ types }) => types.includes(resource.type)).flatMap((rule) => {
      const verdict = judge(rule, resource, inventory);
      return verdict.kind === 'not-applicable' ? [] : [{ id: rule.id, resource, verdict }];
    }),
  );
}
