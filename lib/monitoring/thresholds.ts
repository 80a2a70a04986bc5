import { Duration } from 'aws-cdk-lib';

/** The guide's three thresholds (line 370) and those that follow from them. */
export const THRESHOLDS = {
  /** Share of requests that end in 5xx. */
  errorRatePercent: 1,
  /** Below this many requests in a period a percentage says nothing. */
  errorRateRequestFloor: 20,
  latencyP99: Duration.millis(500),
  queueAge: Duration.minutes(5),
  outboxLag: Duration.minutes(5),
  accountConcurrencyPercent: 80,
} as const;
