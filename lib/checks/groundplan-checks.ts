import { readFileSync } from 'node:fs';
import type { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps, NagRuleCompliance, type NagRuleResult } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { CATALOGUE } from './catalogue';
import { Inventory, type InventoryOptions } from './inventory';
import type { Rule } from './rule';
import { RULES } from './rules';
import { judge } from './run-rules';
import type { TemplateDocument } from './template-resource';

/** Props of {@link GroundplanChecks}. */
export interface GroundplanChecksProps extends NagPackProps, InventoryOptions {}

/**
 * The rules as a cdk-nag pack, for any CDK app: `Validations.of(app).addPlugins(new GroundplanChecks(app))`. A finding
 * is acknowledged like those of the other packs, as `Groundplan::Groundplan-<id>`. A rule that cannot tell is reported by
 * cdk-nag as a rule that could not be evaluated.
 */
export class GroundplanChecks extends NagPack {
  readonly name = 'Groundplan';
  private inventory = new Inventory({});

  constructor(
    scope?: IConstruct,
    private readonly options: GroundplanChecksProps = {},
  ) {
    super(scope, options);
    this.packName = 'Groundplan';
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const templates = context.templatePaths.map((path) => {
      const stack = /([^/\\]+)\.template\.json$/.exec(path)?.[1] ?? path;
      return [stack, JSON.parse(readFileSync(path, 'utf8')) as TemplateDocument];
    });
    this.inventory = new Inventory(Object.fromEntries(templates) as Record<string, TemplateDocument>, this.options);
    return super.validate(context);
  }

  protected override checkResource(node: CfnResource): void {
    for (const rule of RULES) {
      if (!rule.types.includes(node.cfnResourceType)) continue;
      const row = CATALOGUE.find(({ id }) => id === rule.id);
      this.applyRule({
        ruleSuffixOverride: rule.id,
        info: row?.claim ?? rule.id,
        explanation: row?.condition ?? '',
        level: NagMessageLevel.ERROR,
        node,
        rule: (resource) => this.result(rule, resource),
      });
    }
  }

  private result(rule: Rule, node: CfnResource): NagRuleResult {
    const stack = Stack.of(node);
    const logicalId = String(stack.resolve(node.logicalId));
    const resource = this.inventory.find(stack.artifactId, logicalId);
    if (resource === undefined) return NagRuleCompliance.NOT_APPLICABLE;
    const verdict = judge(rule, resource, this.inventory);
    switch (verdict.kind) {
      case 'not-applicable':
        return NagRuleCompliance.NOT_APPLICABLE;
      case 'compliant':
        return NagRuleCompliance.COMPLIANT;
      case 'violation':
        return [...verdict.findings];
      case 'cannot-tell':
        throw new Error(verdict.why);
    }
  }
}
