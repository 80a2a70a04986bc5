import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { ClickstreamPipeline } from './clickstream-pipeline';
import type { ClickstreamPipelineProps } from './clickstream-pipeline-props';

/** The data pipeline as a stack of its own, with what a person needs to try it as outputs. */
export class DataPipelineStack extends Stack {
  readonly pipeline: ClickstreamPipeline;

  constructor(scope: Construct, id: string, props: StackProps & ClickstreamPipelineProps = {}) {
    const stage = props.stage ?? stages.dev;
    super(scope, id, {
      description: 'Groundplan: real-time data pipeline',
      terminationProtection: stage.deletionProtection,
      ...props,
    });
    this.pipeline = new ClickstreamPipeline(this, 'Clickstream', props);
    const outputs = {
      StreamName: [this.pipeline.stream.stream.streamName, 'Where producers send events'],
      AggregatesTable: [this.pipeline.aggregates.table.tableName, 'Totals of each minute'],
      Workgroup: [this.pipeline.queries.workgroupName, 'Athena workgroup with the saved queries'],
      LakeBucket: [this.pipeline.lake.bucket.bucketName, 'Parquet by day'],
    };
    for (const [name, [value = '', description]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, description });
    }
  }
}
