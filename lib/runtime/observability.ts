import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Environment, MetricDimensions } from './contract';

/** JSON logs; the service's name comes from POWERTOOLS_SERVICE_NAME. Never log more of an order than its id. */
export const logger = new Logger();

/** A value that is not a number is no measurement: JSON writes NaN as null, and CloudWatch drops the whole line with it. */
class FiniteMetrics extends Metrics {
  override addMetric(...[name, unit, value, resolution]: Parameters<Metrics['addMetric']>): this {
    if (Number.isFinite(value)) super.addMetric(name, unit, value, resolution);
    else logger.warn('A metric without a numeric value was left out', { metric: name, value: String(value) });
    return this;
  }
}

const stack = process.env[Environment.stack];

/** Metrics by EMF in the log: no call, no permission. The dimensions are the service and the stack (cw-emf-not-putmetric). */
export const metrics: Metrics = new FiniteMetrics(
  stack === undefined ? {} : { defaultDimensions: { [MetricDimensions.stack]: stack } },
);
