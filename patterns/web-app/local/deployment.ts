import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { type ReturnedValues, withReturnedValues } from '../../../local/assembly/returned-values';
import { LocalRdsData } from '../../../local/aws/rds-data';
import { startLocalAws } from '../../../local/aws/server';
import type { Clock } from '../../../local/clock/clock';
import { CustomResources } from '../../../local/scenarios/custom-resources';
import { type LocalPostgres, startPostgres } from '../../../local/servers/postgres';
import { freePort, type LocalRedis, startRedis } from '../../../local/servers/redis';
import { DATABASE_NAME, WebAppEnvironment } from '../contract';

/** The web app's stack as it is once deployed, and the servers that its endpoints name. */
export interface WebAppDeployment {
  readonly stack: SynthesizedStack;
  readonly postgres: LocalPostgres;
  /** Undefined on a machine without `redis-server`: the cache is then down for the application. */
  readonly redis?: LocalRedis;
  stop(): Promise<void>;
}

/**
 * Does what a deployment does: starts the database and the cache, has the template's own functions bring the schema up to date and
 * make the origin's secret, and puts what came of it into the template.
 *
 * @throws Error when one of them does not work
 */
export async function deployWebApp(stack: SynthesizedStack, clock: Clock): Promise<WebAppDeployment> {
  const planned = new ResolvedTemplate(stack.template, stack.deployment);
  const [cacheUser] = planned.ofType('AWS::ElastiCache::User');
  const redis = await startRedis({
    name: String(cacheUser?.properties['UserName']),
    access: String(cacheUser?.properties['AccessString']),
  });
  const postgres = await startPostgres(DATABASE_NAME);
  const rdsData = new LocalRdsData(postgres.connectionString);
  const aws = await startLocalAws({ 'rds-data': rdsData });
  const stop = async () => {
    await Promise.all([postgres.stop(), redis?.kill()]);
  };
  try {
    const custom = new CustomResources(stack, clock, aws.endpoint);
    await custom.create('Custom::DatabaseSchema');
    const cachePort = redis?.port ?? (await freePort());
    const at = (port: number) => ({ 'Endpoint.Address': '127.0.0.1', 'Endpoint.Port': String(port) });
    const template = onLoopback(
      withReturnedValues(stack.template, {
        ...attributesOf(planned, 'AWS::ElastiCache::ServerlessCache', at(cachePort)),
        ...(await custom.create('Custom::OriginSecret')),
      }),
      `127.0.0.1:${postgres.port}`,
    );
    return { stack: { ...stack, template }, postgres, ...(redis !== undefined && { redis }), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    await rdsData.close();
    await aws.close();
  }
}

function attributesOf(template: ResolvedTemplate, type: string, values: ReturnedValues[string]): ReturnedValues {
  return Object.fromEntries(template.ofType(type).map(({ logicalId }) => [logicalId, values]));
}

/** Functions of a template, with a database that listens on this machine: without TLS, and by the port that it has here. */
function onLoopback(document: TemplateDocument, database: string): TemplateDocument {
  const own = {
    [WebAppEnvironment.databaseWriter]: database,
    [WebAppEnvironment.databaseReader]: database,
    [WebAppEnvironment.databaseTrust]: 'none',
  };
  const entries = Object.entries(document.Resources).map(([id, resource]) => {
    const { Variables } = (resource.Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
    if (Variables?.[WebAppEnvironment.databaseWriter] === undefined) return [id, resource];
    return [
      id,
      { ...resource, Properties: { ...resource.Properties, Environment: { Variables: { ...Variables, ...own } } } },
    ];
  });
  return { ...document, Resources: Object.fromEntries(entries) as TemplateDocument['Resources'] };
}
