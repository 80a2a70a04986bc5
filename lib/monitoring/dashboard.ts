import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** One row of a dashboard: a title and up to four graphs side by side. */
export interface DashboardRow {
  readonly title: string;
  readonly graphs: Readonly<Record<string, readonly IMetric[]>>;
}

/**
 * A dashboard of rows that is read from top to bottom like the event that flows through the pattern. What the rows do not show of the
 * pattern's resources is added behind them, a row for each kind of resource.
 */
export class FlowDashboard extends Construct {
  readonly dashboard: Dashboard;
  private readonly metrics: IMetric[] = [];
  private readonly rows = new Map<string, ReadonlyMap<string, GraphWidget>>();

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
  }

  /** Appends a row. */
  addRow(row: DashboardRow): void {
    this.append(row);
  }

  /** Adds a line to each graph of a row, which is appended if there is none of that title. Rows of one title have the same graphs. */
  addToRow(row: DashboardRow): void {
    const graphs = this.rows.get(row.title);
    if (graphs === undefined) {
      this.rows.set(row.title, this.append(row));
      return;
    }
    for (const [title, metrics] of Object.entries(row.graphs)) {
      for (const metric of metrics) graphs.get(title)?.addLeftMetric(metric);
      this.metrics.push(...metrics);
    }
  }

  /** Whether a graph has a metric of a resource. @param name what metrics call the resource: the value of a dimension */
  shows(name: string): boolean {
    return this.metrics.some((metric) => mentions(metric, name));
  }

  private append({ title, graphs }: DashboardRow): ReadonlyMap<string, GraphWidget> {
    const width = Math.floor(24 / Math.max(Object.keys(graphs).length, 1));
    const widgets = new Map(
      Object.entries(graphs).map(([title, metrics]) => [
        title,
        new GraphWidget({ title, left: [...metrics], width, height: 6 }),
      ]),
    );
    this.metrics.push(...Object.values(graphs).flat());
    this.dashboard.addWidgets(new TextWidget({ markdown: `## ${title}`, width: 24, height: 1 }));
    this.dashboard.addWidgets(...widgets.values());
    return widgets;
  }
}

function mentions(metric: IMetric, name: string): boolean {
  const { metricStat, mathExpression, searchExpression } = metric.toMetricConfig();
  return (
    metricStat?.dimensions?.some(({ value }) => value === name) === true ||
    searchExpression?.expression.includes(`"${name}"`) === true ||
    Object.values(mathExpression?.usingMetrics ?? {}).some((used) => mentions(used, name))
  );
}
