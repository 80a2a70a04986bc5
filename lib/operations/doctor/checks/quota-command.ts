/** A quota as Service Quotas knows it. */
export interface QuotaCode {
  readonly service: string;
  readonly code: string;
}

/** The command that asks AWS for more of a quota. */
export function quotaCommand({ service, code }: QuotaCode, region: string, wanted: number): string {
  return (
    `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} ` +
    `--quota-code ${code} --desired-value ${wanted}`
  );
}
