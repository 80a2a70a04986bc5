import type { TemplateResource } from '../template/template-resource';
import { asynchronousSources } from './asynchronous-sources';
import type { Inventory } from './inventory';

/**
 * How many copies of a function run at once at most: what is reserved for it, or what the queues let through that are all
 * that invoke it. Undefined when nothing but the account bounds it.
 */
export function mostExecutions(fn: TemplateResource, inventory: Inventory): number | undefined {
  const reserved = fn.number('ReservedConcurrentExecutions');
  if (reserved !== undefined) return reserved;
  const mappings = inventory.mappingsOf(fn);
  const others = inventory.integrationsOf(fn).length + asynchronousSources(fn, inventory).length;
  const bounds = mappings.map((mapping) => mapping.number('ScalingConfig.MaximumConcurrency'));
  if (others > 0 || bounds.length === 0) return undefined;
  return bounds.reduce<number | undefined>(
    (sum, bound) => (sum === undefined || bound === undefined ? undefined : sum + bound),
    0,
  );
}
