import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/** JSON logs; the service's name comes from POWERTOOLS_SERVICE_NAME. Never log more of an order than its id. */
export const logger = new Logger();

/** Metrics by EMF in the log: no call, no permission. The only dimension is the service (cw-emf-not-putmetric). */
export const metrics = new Metrics();
