import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { Encryption } from './encryption';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';

/** What a service does with the key of an encrypted queue that it sends to (SQS: key management). */
const USE = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** Secrets Manager adds a hyphen and six characters to the name of a secret. */
const SECRET_SUFFIX = '-AbC123';
/** A role's session by Lambda: `aws:userid` (IAM: principal key values). */
export const SESSION = 'AROAEXAMPLE:function';

/** Redshift: IAM policies for Redshift Spectrum, as far as they read what is asked for. */
const SPECTRUM = {
  database: ['GetDatabase'],
  table: ['BatchGetPartition', 'GetPartition', 'GetPartitions', 'GetTable', 'GetTables'],
  bucket: ['GetBucketLocation', 'ListBucket'],
};

/**
 * VPC: IAM role for flow logs. Its CreateLogGroup and DescribeLogGroups are for a group that is not there yet; CDK leaves both
 * out for one that is (aws-ec2, FlowLogDestination.toCloudWatchLogs).
 */
const FLOW_LOG = { group: ['DescribeLogStreams'], stream: ['CreateLogStream', 'PutLogEvents'] };

/** What CDK's function calls to close a default group, and to open it again (custom-resource-handlers, aws-ec2). */
const DEFAULT_GROUP = [
  'AuthorizeSecurityGroupEgress',
  'AuthorizeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'RevokeSecurityGroupIngress',
];

/** ARN of the secret that Redshift keeps for the administrator of the one namespace (Redshift: managing admin passwords). */
export function adminSecretOf(template: ResolvedTemplate): string {
  const { NamespaceName, AdminUsername } = only(template, 'AWS::RedshiftServerless::Namespace').properties as {
    readonly NamespaceName: string;
    readonly AdminUsername: string;
  };
  return arnIn(template, 'secretsmanager', `secret:redshift!${NamespaceName}-${AdminUsername}${SECRET_SUFFIX}`);
}

/** ARN of the one workgroup. @param named what it must be called. @default - anything */
export function workgroupOf(template: ResolvedTemplate, named?: string): string {
  const { name, attributes } = only(template, 'AWS::RedshiftServerless::Workgroup');
  if (named !== undefined && named !== name) throw new Error(`The template has no workgroup ${named}`);
  return attributes['Workgroup.WorkgroupArn'] ?? '';
}

/** What IAM checks when one of the warehouse's functions makes a call. */
export function requestsOfWarehouseCall(call: RecordedCall, template: ResolvedTemplate): AccessRequest[] {
  const principal = roleOf(template, call.accessKeyId);
  const { action, input } = call;
  switch (`${call.service}:${action}`) {
    case 'redshift-data:ExecuteStatement': {
      const workgroup = workgroupOf(template, String(input['WorkgroupName']));
      const secret = arnIn(template, 'secretsmanager', `secret:${String(input['SecretArn'])}${SECRET_SUFFIX}`);
      // With a secret it reads that in the caller's name, and needs no further credentials (Redshift Data API: IAM permissions).
      return [
        { principal, action: 'redshift-data:ExecuteStatement', resource: workgroup },
        { principal, action: 'secretsmanager:GetSecretValue', resource: secret },
      ];
    }
    case 'redshift-data:DescribeStatement':
      return [describing(principal, SESSION)];
    case 'glue:GetTable':
    case 'glue:GetPartitions':
    case 'glue:BatchCreatePartition':
      return catalogPath(String(input['DatabaseName']), String(input['TableName'] ?? input['Name'])).map((path) => ({
        principal,
        action: `glue:${action}`,
        resource: arnIn(template, 'glue', path),
      }));
    default:
      throw new Error(`${call.service}:${action} is not known here`);
  }
}

/** Looks at a statement. @param owner whose it is */
export function describing(principal: string, owner: string): AccessRequest {
  const context = { 'aws:userid': SESSION, 'redshift-data:statement-owner-iam-userid': owner };
  return { principal, action: 'redshift-data:DescribeStatement', resource: '*', context };
}

/** What AWS's services do around a warehouse: the schedule, what fails, Redshift itself, and its network. */
export class WarehouseRequests {
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly encryption = new Encryption(template),
  ) {}

  all(): AccessRequest[] {
    return [
      ...this.template.ofType('AWS::Scheduler::Schedule').flatMap((each) => this.schedule(each)),
      ...this.template.ofType('AWS::Lambda::EventInvokeConfig').flatMap((each) => this.failure(each)),
      ...this.template.ofType('AWS::RedshiftServerless::Namespace').flatMap((each) => this.spectrum(each)),
      ...this.template.ofType('AWS::EC2::FlowLog').flatMap((each) => this.flowLog(each)),
      ...this.template.ofType('Custom::VpcRestrictDefaultSG').flatMap((each) => this.defaultGroup(each)),
    ];
  }

  /** Scheduler: execution role, dead-letter queue. */
  private schedule({ properties }: ResolvedResource): AccessRequest[] {
    const { Arn, RoleArn, DeadLetterConfig } = properties['Target'] as {
      readonly Arn: string;
      readonly RoleArn: string;
      readonly DeadLetterConfig: { readonly Arn: string };
    };
    return [
      { principal: RoleArn, action: 'lambda:InvokeFunction', resource: Arn },
      ...this.deadLetter(RoleArn, DeadLetterConfig.Arn),
    ];
  }

  /** Lambda sends an asynchronous event that it gives up by the function's role. */
  private failure({ properties }: ResolvedResource): AccessRequest[] {
    const { OnFailure } = properties['DestinationConfig'] as { readonly OnFailure: { readonly Destination: string } };
    const fn = this.template.ofType('AWS::Lambda::Function').find(({ name }) => name === properties['FunctionName']);
    return this.deadLetter(roleOf(this.template, fn?.logicalId ?? ''), OnFailure.Destination);
  }

  private deadLetter(principal: string, queue: string): AccessRequest[] {
    const policyOf = this.template.byArn(queue)?.logicalId;
    return [
      { principal, action: 'sqs:SendMessage', resource: queue, policyOf },
      ...this.encryption.use(principal, USE, queue),
    ];
  }

  /** A query reads each table by its catalog. */
  private spectrum({ properties }: ResolvedResource): AccessRequest[] {
    const [principal = ''] = properties['IamRoles'] as string[];
    const glue = (actions: readonly string[], path: readonly string[]) =>
      path.flatMap((each) =>
        actions.map((action) => ({
          principal,
          action: `glue:${action}`,
          resource: arnIn(this.template, 'glue', each),
        })),
      );
    return this.template.ofType('AWS::Glue::Table').flatMap((table) => {
      const { DatabaseName, TableInput } = table.properties as {
        readonly DatabaseName: string;
        readonly TableInput: { readonly Name: string; readonly StorageDescriptor: { readonly Location: string } };
      };
      const path = catalogPath(DatabaseName, TableInput.Name);
      return [
        ...glue(SPECTRUM.database, path.slice(0, -1)),
        ...glue(SPECTRUM.table, path),
        ...this.files(principal, TableInput.StorageDescriptor.Location),
      ];
    });
  }

  private files(principal: string, location: string): AccessRequest[] {
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
    const arn = `arn:aws:s3:::${bucket}`;
    const request = (action: string, resource: string) => ({
      principal,
      action: `s3:${action}`,
      resource,
      policyOf: this.template.byArn(arn)?.logicalId,
    });
    return [
      ...SPECTRUM.bucket.map((action) => request(action, arn)),
      request('GetObject', `${arn}/${prefix}dt=2026-01-01/file.parquet`),
      ...this.encryption.via('s3', principal, ['kms:Decrypt'], arn),
    ];
  }

  /** The group's key is CloudWatch's to use, by the key's policy (CloudWatch Logs: encrypt log data). */
  private flowLog({ properties }: ResolvedResource): AccessRequest[] {
    const { DeliverLogsPermissionArn: principal, LogGroupName } = properties as {
      readonly DeliverLogsPermissionArn: string;
      readonly LogGroupName: string;
    };
    const group = arnIn(this.template, 'logs', `log-group:${LogGroupName}`);
    const request = (action: string, resource: string) => ({ principal, action: `logs:${action}`, resource });
    return [
      // Checked against the group's streams, none of which it names, as the error of a role without it says.
      ...FLOW_LOG.group.map((action) => request(action, `${group}:log-stream:`)),
      ...FLOW_LOG.stream.map((action) => request(action, `${group}:log-stream:eni-1-reject`)),
    ];
  }

  private defaultGroup({ properties }: ResolvedResource): AccessRequest[] {
    const fn = this.template.byArn(String(properties['ServiceToken']));
    const principal = roleOf(this.template, fn?.logicalId ?? '');
    const resource = arnIn(this.template, 'ec2', `security-group/${String(properties['DefaultSecurityGroupId'])}`);
    return DEFAULT_GROUP.map((action) => ({ principal, action: `ec2:${action}`, resource }));
  }
}

/** Glue checks a table's ancestors as well (Glue: resource ARNs). */
export function catalogPath(database: string, table: string): readonly string[] {
  return ['catalog', `database/${database}`, `table/${database}/${table}`];
}

function only(template: ResolvedTemplate, type: string): ResolvedResource {
  const [found, ...more] = template.ofType(type);
  if (found === undefined || more.length > 0) throw new Error(`The template has not one ${type}`);
  return found;
}

function arnIn({ deployment }: ResolvedTemplate, service: string, resource: string): string {
  return `arn:aws:${service}:${deployment.region}:${deployment.account}:${resource}`;
}
