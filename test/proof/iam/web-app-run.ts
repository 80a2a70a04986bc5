import type { RDSDataClient } from '@aws-sdk/client-rds-data';
import { logger } from '../../../lib/runtime/observability';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { Migrator, type SchemaTarget } from '../../../patterns/web-app/runtime/migrate';
import { Encryption } from './encryption';
import { roleOf } from './handler-requests';
import { distinct, find } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { inspectingRequests, presigningRequests } from './upload-requests';
import { WebAppRequests } from './web-app-requests';

/** A call as the migrator gives it to its client. */
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: { readonly resourceArn: string; readonly secretArn: string };
}

/** All that the application and AWS's services for it do in its region. */
export async function usesOfWebApp(template: ResolvedTemplate): Promise<AccessRequest[]> {
  const inspector = find(template, 'AWS::Lambda::Function', 'Inspector').logicalId;
  return distinct([
    ...presigningRequests(template, applicationOf(template), 'Uploads'),
    ...inspectingRequests(template, inspector, 'Uploads'),
    ...(await schemaRequests(template)),
    ...new ServiceRequests(template).all(),
    ...new WebAppRequests(template).all(),
  ]);
}

/** Logical id of the function or the task that answers the API. */
function applicationOf(template: ResolvedTemplate): string {
  const [task] = template.ofType('AWS::ECS::TaskDefinition');
  return task?.logicalId ?? find(template, 'AWS::Lambda::Function', 'ApplicationFunction').logicalId;
}

/** What IAM checks when the schema is made, and when a step of it fails, as the migrator's own calls show. */
async function schemaRequests(template: ResolvedTemplate): Promise<AccessRequest[]> {
  const [schema] = template.ofType('Custom::DatabaseSchema');
  const properties = schema?.properties ?? {};
  const principal = roleOf(template, template.byArn(String(properties['ServiceToken']))?.logicalId ?? '');
  const calls = [...(await callsOf(properties, false)), ...(await callsOf(properties, true))];
  const encryption = new Encryption(template);
  return calls.flatMap(({ constructor: { name }, input: { resourceArn, secretArn } }) => {
    const cluster = template.ofType('AWS::RDS::DBCluster').find(({ arn }) => arn === resourceArn);
    const { KmsKeyId = '' } = (cluster?.properties['MasterUserSecret'] ?? {}) as { readonly KmsKeyId?: string };
    return [
      { principal, action: `rds-data:${name.replace(/Command$/, '')}`, resource: resourceArn },
      // The Data API reads the secret in the caller's name (AWS: RDS Data API, authorizing access).
      { principal, action: 'secretsmanager:GetSecretValue', resource: secretArn },
      ...encryption.via('secretsmanager', principal, ['kms:Decrypt'], KmsKeyId).map((request) => ({
        ...request,
        context: { ...request.context, 'kms:EncryptionContext:SecretARN': secretArn },
      })),
    ];
  });
}

async function callsOf(properties: Readonly<Record<string, unknown>>, failing: boolean): Promise<Command[]> {
  const calls: Command[] = [];
  const client = {
    send: async (command: Command) => {
      calls.push(command);
      if (failing && command.constructor.name === 'ExecuteStatementCommand') throw new Error('refused');
      return { transactionId: 'transaction', records: [] };
    },
  };
  const level = logger.getLevelName();
  logger.setLogLevel('SILENT');
  const migrator = new Migrator(client as unknown as RDSDataClient, undefined, async () => undefined);
  await migrator.apply(properties as unknown as SchemaTarget).catch((error: unknown) => {
    if (!failing) throw error;
  });
  logger.setLogLevel(level);
  return calls;
}
