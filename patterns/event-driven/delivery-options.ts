import type { Construct } from 'constructs';
import { refuse } from '../../lib/validation/refuse';

/** Countries that the shop delivers to, and the fee. */
export interface DeliveryOptions {
  /**
   * Countries that the couriers serve, as ISO 3166-1 alpha-2 codes; at least one. An order to any other is cancelled after it was
   * accepted, and compensated. @default - AT, BE, CH, DE, FR, IT, LU, NL
   */
  readonly countries?: readonly string[];
  /**
   * What a delivery costs the customer, in cents, 0 to 1,000,000. An order that authorizes less is cancelled after it was accepted,
   * and compensated. @default 490
   */
  readonly feeCents?: number;
}

const COUNTRIES = ['AT', 'BE', 'CH', 'DE', 'FR', 'IT', 'LU', 'NL'];
const FEE_CENTS = 490;
const MAX_FEE_CENTS = 1_000_000;

/** The options with their defaults. @throws RefusedValueError for a country that is no code, no country, or a fee out of range */
export function deliverySettings(
  scope: Construct,
  { countries = COUNTRIES, feeCents = FEE_CENTS }: DeliveryOptions = {},
): Required<DeliveryOptions> {
  if (countries.length === 0 || !countries.every((country) => /^[A-Z]{2}$/.test(country))) {
    refuse(scope, {
      prop: 'delivery.countries',
      value: countries.length === 0 ? '[]' : countries,
      allowed: 'one or more ISO 3166-1 alpha-2 codes, such as DE',
      fix: 'pass the countries that your couriers serve, or omit it',
    });
  }
  if (!Number.isInteger(feeCents) || feeCents < 0 || feeCents > MAX_FEE_CENTS) {
    refuse(scope, {
      prop: 'delivery.feeCents',
      value: feeCents,
      allowed: `a whole number of cents, 0 to ${MAX_FEE_CENTS}`,
      fix: 'pass the fee in cents',
    });
  }
  return { countries, feeCents };
}
