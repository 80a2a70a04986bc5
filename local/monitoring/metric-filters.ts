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
    readonly tests: readonly RegExp[];
    readonly filter: FilterProperties;
  }[];

  /** @throws Error for a pattern other than `{ $.field = "value" }`, or several of them that all must hold */
  constructor(
    template: ResolvedTemplate,
    private readonly metrics: LocalMetrics,
  ) {
    this.filters = template.ofType('AWS::Logs::MetricFilter').map(({ logicalId, properties }) => {
      const filter = properties as unknown as FilterProperties;
      const [, terms = ''] = /^\{ ?(.+?) ?\}$/.exec(filter.FilterPattern) ?? [];
      const tests = terms.split(' && ').map((term) => {
        const [, field, value] = /^\(?\$\.(\w+) = "([\w-]+)"\)?$/.exec(term) ?? [];
        if (field === undefined) throw new Error(`${logicalId}: the pattern ${filter.FilterPattern} is not known here`);
        return new RegExp(`"${field}":"${value}"`);
      });
      return { group: filter.LogGroupName, tests, filter };
    });
  }

  read(logGroup: string | undefined, line: string): void {
    for (const { group, tests, filter } of this.filters) {
      if (group !== logGroup || !tests.every((test) => test.test(line))) continue;
      for (const { MetricNamespace, MetricName, MetricValue } of filter.MetricTransformations) {
        this.metrics.put(MetricNamespace, MetricName, {}, Number(MetricValue));
      }
    }
  }
}
