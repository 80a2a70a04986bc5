import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

/** One row of a dashboard: a title and up to four graphs side by side. */
export interface DashboardRow {
  readonly title: string;
  readonly graphs: Readonly<Record<string, readonly IMetric[]>>;
}

/** A dashboard of rows that is read from top to bottom like the event that flows through the pattern. */
export class FlowDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
  }

  /** Appends a row. */
  addRow(row: DashboardRow): void {
    const graphs = Object.entries(row.graphs);
    const width = Math.floor(24 / Math.max(graphs.length, 1));
    this.dashboard.addWidgets(new TextWidget({ markdown: `## ${row.title}`, width: 24, height: 1 }));
    this.dashboard.addWidgets(
      ...graphs.map(([title, metrics]) => new GraphWidget({ title, left: [...metrics], width, height: 6 })),
    );
  }
}
