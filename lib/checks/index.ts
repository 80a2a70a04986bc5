/**
 * The catalogue of gotchas, and its rules for the stacks of any app.
 *
 * @module groundplan/checks
 */
export * from './catalogue';
export * from './catalogue-row';
export * from './corrections';
export { Inventory, type InventoryOptions, type Reference, type Statement } from './inventory';
export type { Rule, Verdict } from './rule';
export { RULES } from './rules';
export { type Finding, runRules, runRulesOnTemplates } from './run-rules';
export { CannotTell, type ResourceDocument, type TemplateDocument, TemplateResource } from './template-resource';
