import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { LocalMetrics } from './metrics';

interface FilterProperties {
  readonly LogGroupName: string;
  readonly FilterPattern: string;
  readonly MetricTransformations: readonly {
    readonly MetricNamespace: string;
    readonly MetricName: string;
    readonly MetricValue: string;
  }[];
}

/** Counts log lines as the template's metric filters do. */
export class MetricFilters {
  private readonly filters: readonly {
    readonly group: string;
    readonly test: RegExp;
    readonly filter: FilterProperties;
  }[];

  /** @throws Error for a pattern other than `{ $.field = "value" }` */
  constructor(
    template: ResolvedTemplate,
    private readonly metrics: LocalMetrics,
  ) {
    this.filters = template.ofType('AWS::Logs::MetricFilter').map(({ logicalId, properties }) => {
      const filter = properties as unknown as FilterProperties;
      const [, field, value] = /^\{ ?\$\.(\w+) = "(\w+)" ?\}$/.exec(filter.FilterPattern) ?? [];
      if (field === undefined) throw new Error(`${logicalId}: the pattern ${filter.FilterPattern} is not known here`);
      return { group: filter.LogGroupName, test: new RegExp(`"${field}":"${value}"`), filter };
    });
  }

  read(logGroup: string | undefined, line: string): void {
    for (const { group, test, filter } of this.filters) {
      if (group !== logGroup || !test.test(line)) continue;
      for (const { MetricNamespace, MetricName, MetricValue } of filter.MetricTransformations) {
        this.metrics.put(MetricNamespace, MetricName, {}, Number(MetricValue));
      }
    }
  }
}
