import { Duration, Size } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { UNRESERVED_MINIMUM } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import { UploadEvents } from '../../lib/storage/upload-events';
import type { ComputeProps } from './application-compute';

/** A file that lies is copied into quarantine: up to 5 GiB, which S3 does by itself in some seconds to a minute. */
const TIMEOUT = Duration.minutes(2);
/** Files looked at at once. */
const CONCURRENCY = 5;
/** One to the writer and one to a reader. */
const CONNECTIONS = 2;
/** Its name in logs, metrics and traces. */
export const INSPECTION_SERVICE = 'inspect-upload';
/** Files that lie within an hour: people mistake a type now and then. This many are an attack, or a check that is wrong. */
const LIES_AN_HOUR = 10;

/** Looks at every file that came: records what is as it says, and puts the rest aside. It is a function with every compute. */
export class UploadInspection extends Construct {
  readonly inspector: HandlerFunction;
  readonly events: UploadEvents;

  constructor(scope: Construct, id: string, { foundation, data, uploads, alarms, environment }: ComputeProps) {
    super(scope, id);
    const { stage, vpc, appSubnets } = foundation;
    const encryptionKey = foundation.dataKey.key;
    data.makeRoomFor(this, 'inspection', CONCURRENCY, CONNECTIONS);
    this.inspector = new HandlerFunction(this, 'Inspector', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('web-app', 'inspect-upload'),
      serviceName: INSPECTION_SERVICE,
      timeout: TIMEOUT,
      memory: Size.mebibytes(512),
      reservedConcurrency: stage.accountConcurrency - UNRESERVED_MINIMUM >= CONCURRENCY ? CONCURRENCY : undefined,
      network: { vpc, subnets: appSubnets, securityGroups: [data.clients] },
      environment,
    });
    const { function: fn } = this.inspector;
    data.grantUse(fn);
    uploads.grantInspect(fn);
    fn.node.addDependency(data.schema);
    this.events = new UploadEvents(this, 'Events', {
      stage,
      encryptionKey,
      bucket: uploads.bucket,
      consumer: this.inspector,
      timeout: TIMEOUT,
      maxConcurrency: CONCURRENCY,
    });
    const { work, undelivered, rule } = this.events;
    alarms.watchRule('UploadEvents', rule);
    alarms.watchHandler('Inspection', this.inspector);
    alarms.watchQueue('Inspection', work.queue);
    alarms.watchDeadLetters('Inspection', work.deadLetterQueue);
    alarms.watchDeadLetters('UploadEvents', undelivered);
    if (!alarms.full) return;
    alarms.add('Quarantined', {
      metric: serviceMetric(this, INSPECTION_SERVICE, 'UploadsQuarantined').with({ period: Duration.hours(1) }),
      threshold: LIES_AN_HOUR,
      description: `${LIES_AN_HOUR} files or more within an hour were rejected: their content does not match their declared type or size. They are under quarantine/ in the bucket until they expire.`,
      catalogueIds: ['s3-event-driven-ingest'],
    });
  }
}
