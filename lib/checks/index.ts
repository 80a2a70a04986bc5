/**
 * The catalogue of gotchas, and its rules for the stacks of any app.
 *
 * @module groundplan/checks
 */
export * from '../catalogue/catalogue';
export * from '../catalogue/catalogue-row';
export * from '../catalogue/corrections';
export type { Statement } from '../template/policy-statements';
export type { Reference } from '../template/template-index';
export {
  CannotTell,
  type ResourceDocument,
  type TemplateDocument,
  TemplateResource,
} from '../template/template-resource';
export { runRules } from './app-rules';
export type { ExampleChange, RuleExample } from './example';
export { Inventory, type InventoryOptions } from './inventory';
export { mechanismsOf } from './mechanisms';
export type { Profile, Rule, RuleCard, Severity, Verdict } from './rule';
export { RULES } from './rules';
export { type Finding, runRulesOnTemplates } from './run-rules';
