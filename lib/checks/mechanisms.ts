import { CATALOGUE, type CatalogueId } from '../catalogue/catalogue';
import type { Mechanism } from '../catalogue/catalogue-row';
import { RULES } from './rules';

/** How a gotcha is handled, a rule of its name among it where there is one. Empty: not at all. */
export function mechanismsOf(id: CatalogueId): readonly (Mechanism | 'rule')[] {
  const row = CATALOGUE.find((each) => each.id === id);
  return [...(row?.mechanisms ?? []), ...(RULES.some((rule) => rule.id === id) ? (['rule'] as const) : [])];
}
