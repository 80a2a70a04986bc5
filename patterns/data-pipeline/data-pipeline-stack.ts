import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { addTryOutput } from '../../lib/stage/try-output';
import { ClickstreamPipeline } from './clickstream-pipeline';
import type { ClickstreamPipelineProps } from './clickstream-pipeline-props';
import { EVENTS_PATH } from './contract';
import { WAREHOUSE_SCHEMA } from './lake-warehouse';

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
    this.pipeline.alarms.watchBelow(this);
    const { stream, api, aggregates, queries, lake, failures, warehouse } = this.pipeline;
    const outputs: Record<string, readonly [value: string | undefined, description: string]> = {
      StreamName: [stream.stream.streamName, 'Stream to which producers send events'],
      EventsUrl: [api && `${api.http.api.apiEndpoint}${EVENTS_PATH}`, 'URL to which clients post events'],
      UserPoolId: [api?.users?.userPool.userPoolId, 'User pool whose users may post events'],
      UserPoolClientId: [api?.users?.client.userPoolClientId, 'App client to sign in with'],
      AggregatesTable: [aggregates.table.tableName, 'Table with the totals of each minute'],
      Workgroup: [queries.workgroupName, 'Athena workgroup with the saved queries'],
      LakeBucket: [lake.bucket.bucketName, 'Bucket of the data lake: Parquet by day, and errors/'],
      FailuresBucket: [failures.bucket.bucketName, 'Bucket with records that the consumers could not process'],
      Warehouse: [
        warehouse?.warehouse.workgroup.ref,
        `Redshift workgroup with the tables in the schema ${WAREHOUSE_SCHEMA}`,
      ],
    };
    for (const [name, [value, description]] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value, description });
    }
    addTryOutput(this, { pattern: 'data-pipeline', stage, userPool: api?.users?.userPool });
  }
}
