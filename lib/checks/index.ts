export * from './catalogue';
export * from './catalogue-row';
export * from './corrections';
export { Inventory, type InventoryOptions } from './inventory';
export type { Rule, Verdict } from './rule';
export { RULES } from './rules';
export { type Finding, runRules, runRulesOnTemplates } from './run-rules';
export { CannotTell, type TemplateDocument, TemplateResource } from './template-resource';
