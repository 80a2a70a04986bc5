/**
 * Prices in US dollars, of us-east-1, as of November 2026 (AWS: Amazon VPC pricing, AWS PrivateLink pricing). Other regions differ
 * by a few tenths, and by about the same share for each of them, so that a comparison holds there, too.
 */
export const NetworkPrices = {
  /** Hours that a month is counted as. */
  hoursPerMonth: 730,
  /** A NAT gateway, an hour; a regional one bills each zone that it serves as one. */
  natHour: 0.045,
  /** What a NAT gateway passes on, a GB. */
  natGb: 0.045,
  /** An interface endpoint in one zone, an hour. */
  endpointHour: 0.01,
  /** What an interface endpoint passes on, a GB. */
  endpointGb: 0.01,
} as const;

/** What a month of the same traffic costs on either way. */
export interface BreakEven {
  /** Interface endpoints: their hours in each zone, and the traffic. */
  readonly endpoints: number;
  /** A NAT gateway that is there anyway: the traffic alone. */
  readonly throughNat: number;
  /** GB a month from which the endpoints are the cheaper way. */
  readonly fromGb: number;
}

/**
 * Compares interface endpoints with a NAT gateway that is there anyway (vpc-interface-endpoint-breakeven).
 *
 * @param services number of endpoints
 * @param gbPerMonth declared traffic to all of them together
 */
export function breakEven(services: number, zones: number, gbPerMonth: number): BreakEven {
  const { hoursPerMonth, endpointHour, endpointGb, natGb } = NetworkPrices;
  const hours = services * zones * endpointHour * hoursPerMonth;
  return {
    endpoints: hours + gbPerMonth * endpointGb,
    throughNat: gbPerMonth * natGb,
    fromGb: hours / (natGb - endpointGb),
  };
}

/** What NAT gateways cost by the hour, for a month. */
export function natHours(gateways: number): number {
  return gateways * NetworkPrices.natHour * NetworkPrices.hoursPerMonth;
}

/** An amount of dollars, to the cent. */
export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
