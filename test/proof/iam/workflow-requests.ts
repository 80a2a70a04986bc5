import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { Encryption } from './encryption';
import type { AccessRequest } from './policies';

/** Step Functions: permissions to log to CloudWatch Logs. */
const LOG_DELIVERY = [
  'CreateLogDelivery',
  'DeleteLogDelivery',
  'DescribeLogGroups',
  'DescribeResourcePolicies',
  'GetLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'UpdateLogDelivery',
];

/** What the state machines of a template do by their roles. */
export function workflowRequests(template: ResolvedTemplate, encryption: Encryption): AccessRequest[] {
  const { account, region } = template.deployment;
  return template.ofType('AWS::StepFunctions::StateMachine').flatMap(({ arn = '', properties }) => {
    const principal = String(properties['RoleArn']);
    return [
      ...writesOf(String(properties['DefinitionString'])).flatMap(([action, table]) => {
        const resource = template.ofType('AWS::DynamoDB::Table').find(({ name }) => name === table)?.arn ?? '';
        return [
          { principal, action: `dynamodb:${action}`, resource },
          ...encryption.via('dynamodb', principal, ['kms:Decrypt'], resource),
        ];
      }),
      ...encryption.use(principal, ['kms:Decrypt', 'kms:GenerateDataKey'], arn, {
        'kms:EncryptionContext:aws:states:stateMachineArn': arn,
      }),
      ...encryption.use(principal, ['kms:GenerateDataKey'], arn, {
        'kms:EncryptionContext:SourceArn': `arn:aws:logs:${region}:${account}:*`,
      }),
      ...encryption.use('delivery.logs.amazonaws.com', ['kms:Decrypt'], arn),
      ...LOG_DELIVERY.map((action) => ({ principal, action: `logs:${action}`, resource: '*' })),
      ...traces(principal),
      ...['GetSamplingRules', 'GetSamplingTargets'].map((action) => ({
        principal,
        action: `xray:${action}`,
        resource: '*',
      })),
    ];
  });
}

/** What a role does that is traced. */
export function traces(principal: string): AccessRequest[] {
  return ['PutTelemetryRecords', 'PutTraceSegments'].map((action) => ({
    principal,
    action: `xray:${action}`,
    resource: '*',
  }));
}

/** Writes that a state machine's tasks make, each action on each table once. */
function writesOf(definition: string): [string, string][] {
  const found = new Set<string>();
  const visit = (value: unknown, action: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { TableName } = value as { TableName?: string };
    if (TableName !== undefined) found.add(`${action} ${TableName}`);
    for (const [key, child] of Object.entries(value)) {
      visit(child, ['Put', 'Update', 'Delete'].includes(key) ? `${key}Item` : action);
    }
  };
  const { States } = JSON.parse(definition) as { States: Record<string, { Resource?: string; Arguments?: unknown }> };
  for (const { Resource = '', Arguments } of Object.values(States)) {
    const call = Resource.split(':').pop() ?? '';
    visit(Arguments, call.charAt(0).toUpperCase() + call.slice(1));
  }
  return [...found].map((each) => each.split(' ') as [string, string]);
}
