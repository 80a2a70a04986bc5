export * from '../catalogue/catalogue';
export * from '../catalogue/catalogue-row';
export * from '../catalogue/corrections';
export { CannotTell, type TemplateDocument, TemplateResource } from '../template/template-resource';
export { Inventory, type InventoryOptions } from './inventory';
export type { Rule, Verdict } from './rule';
export { RULES } from './rules';
export { type Finding, runRules, runRulesOnTemplates } from './run-rules';
