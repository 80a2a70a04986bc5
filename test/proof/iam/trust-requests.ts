import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { AccessRequest } from './policies';

/** Properties that name a role, and the service that then assumes it. */
const ASSUMED: readonly { readonly type: string; readonly property: RegExp; readonly service: string }[] = [
  {
    type: 'AWS::ApiGateway::Account',
    property: /"CloudWatchRoleArn":"([^"]+)"/g,
    service: 'apigateway.amazonaws.com',
  },
  {
    type: 'AWS::ApiGatewayV2::Integration',
    property: /"CredentialsArn":"([^"]+)"/g,
    service: 'apigateway.amazonaws.com',
  },
  { type: 'AWS::Bedrock::KnowledgeBase', property: /"RoleArn":"([^"]+)"/g, service: 'bedrock.amazonaws.com' },
  { type: 'Custom::BedrockInvocationLogs', property: /"role":"([^"]+)"/g, service: 'bedrock.amazonaws.com' },
  {
    type: 'AWS::EC2::FlowLog',
    property: /"DeliverLogsPermissionArn":"([^"]+)"/g,
    service: 'vpc-flow-logs.amazonaws.com',
  },
  ...['TaskRoleArn', 'ExecutionRoleArn'].map((name) => ({
    type: 'AWS::ECS::TaskDefinition',
    property: new RegExp(`"${name}":"([^"]+)"`, 'g'),
    service: 'ecs-tasks.amazonaws.com',
  })),
  { type: 'AWS::KinesisFirehose::DeliveryStream', property: /"RoleARN":"([^"]+)"/g, service: 'firehose.amazonaws.com' },
  { type: 'AWS::Lambda::Function', property: /"Role":"([^"]+)"/g, service: 'lambda.amazonaws.com' },
  { type: 'AWS::RDS::DBProxy', property: /"RoleArn":"([^"]+)"/g, service: 'rds.amazonaws.com' },
  // Either of the two assumes it, by what the warehouse does (Redshift Serverless: granting permissions).
  ...['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'].map((service) => ({
    type: 'AWS::RedshiftServerless::Namespace',
    property: /"DefaultIamRoleArn":"([^"]+)"/g,
    service,
  })),
  { type: 'AWS::Scheduler::Schedule', property: /"RoleArn":"([^"]+)"/g, service: 'scheduler.amazonaws.com' },
];

/** Services that {@link trustRequests} knows to assume a role. */
export const ASSUMING_SERVICES = ASSUMED.map(({ service }) => service);

/** Who assumes the roles of a template, read off the resources that name them. A service says for which account it acts. */
export function trustRequests(template: ResolvedTemplate): AccessRequest[] {
  return ASSUMED.flatMap(({ type, property, service }) =>
    template
      .ofType(type)
      .flatMap(({ properties }) => [...JSON.stringify(properties).matchAll(property)])
      .map(([, role = '']) => assumption(template, service, role, template.deployment.account)),
  );
}

/** A service assumes a role for an account. */
export function assumption(template: ResolvedTemplate, service: string, role: string, account: string): AccessRequest {
  const { region } = template.deployment;
  // These two say for which resource, too (AWS: ECS task IAM role, confused deputy; Bedrock, service role for knowledge bases).
  const source: Readonly<Record<string, string>> = {
    'bedrock.amazonaws.com': `arn:aws:bedrock:${region}:${account}:knowledge-base/KNOWLEDGE1`,
    'ecs-tasks.amazonaws.com': `arn:aws:ecs:${region}:${account}:task/1`,
  };
  const sourceArn = source[service];
  return {
    principal: service,
    action: 'sts:AssumeRole',
    resource: role,
    policyOf: template.byArn(role)?.logicalId,
    context: {
      ...(sourceArn !== undefined && { 'aws:SourceArn': sourceArn }),
      [service === 'firehose.amazonaws.com' ? 'sts:ExternalId' : 'aws:SourceAccount']: account,
    },
  };
}
