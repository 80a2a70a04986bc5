import { readFileSync } from 'node:fs';
import { type CfnResource, type IPolicyValidationContext, type PolicyValidationPluginReport, Stack } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { TemplateDocument } from '../template/template-resource';
import { constructPaths, stackNames } from './app-rules';
import { Inventory, type InventoryOptions } from './inventory';
import { judge, type Verdict } from './rule';
import { RULES } from './rules';

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
      return [stack, JSON.parse(readFileSync(path, 'utf8')) as TemplateDocument] as const;
    });
    const root = (context as { appConstruct?: IConstruct }).appConstruct;
    const paths = root === undefined ? undefined : constructPaths(root);
    const names = root === undefined ? {} : { stackNames: stackNames(root) };
    this.inventory = new Inventory(Object.fromEntries(templates), { ...names, ...this.options }, paths);
    return super.validate(context);
  }

  protected override checkResource(node: CfnResource): void {
    const stack = Stack.of(node);
    const resource = this.inventory.find(stack.artifactId, String(stack.resolve(node.logicalId)));
    if (resource === undefined) return;
    for (const rule of RULES) {
      if (!rule.types.includes(node.cfnResourceType)) continue;
      const verdict = judge(rule, resource, this.inventory);
      const found = verdict.kind === 'violation' ? ` Here: ${verdict.findings.join('; ')}.` : '';
      this.applyRule({
        ruleSuffixOverride: rule.id,
        info: `${rule.title}.${found}`,
        explanation: `${rule.why} Fix: ${rule.fix} ${rule.address}`,
        level: NagMessageLevel.ERROR,
        node,
        rule: () => compliance(verdict),
      });
    }
  }
}

/** One finding for a rule, so that it is acknowledged by the rule's id alone. */
function compliance(verdict: Verdict): NagRuleCompliance {
  switch (verdict.kind) {
    case 'not-applicable':
      return NagRuleCompliance.NOT_APPLICABLE;
    case 'compliant':
      return NagRuleCompliance.COMPLIANT;
    case 'violation':
      return NagRuleCompliance.NON_COMPLIANT;
    case 'cannot-tell':
    case 'failed':
      throw new Error(verdict.why);
  }
}
