import { textOf } from '../template/literal-text';
import { mapsOf, type TemplateResource } from '../template/template-resource';
import { containersOf } from './containers';
import type { Inventory } from './inventory';

/** What can hold the address of a database or a cache in a variable. */
export const HOLDERS = ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'];

/** What an address leads to. */
export type EndpointKind = 'database' | 'proxy' | 'cache';

const ADDRESS = /end-?point\.address(es)?$/i;

/** Which attribute of which resource is an address to connect to. A port alone, a name or an ARN is none. */
function kindOf(type: string, attribute: string | undefined): EndpointKind | undefined {
  if (attribute === undefined) return undefined;
  if (type === 'AWS::RDS::DBProxy' || type === 'AWS::RDS::DBProxyEndpoint') {
    return attribute === 'Endpoint' ? 'proxy' : undefined;
  }
  if (!ADDRESS.test(attribute)) return undefined;
  if (type === 'AWS::RDS::DBCluster' || type === 'AWS::RDS::DBInstance') return 'database';
  return type.startsWith('AWS::ElastiCache::') || type.startsWith('AWS::MemoryDB::') ? 'cache' : undefined;
}

/** Variables of a function, or of all containers of a task. */
export function variablesOf(holder: TemplateResource): readonly [name: string, value: unknown][] {
  if (holder.type === 'AWS::Lambda::Function') {
    return Object.entries(holder.map('Environment.Variables'));
  }
  return containersOf(holder).flatMap(({ Environment }) =>
    mapsOf(Environment, 'Environment').map(({ Name, Value }): [string, unknown] => [textOf(Name), Value]),
  );
}

/** An address in a variable. */
export interface HeldEndpoint {
  readonly variable: string;
  readonly kind: EndpointKind;
  /** The database, proxy or cache. */
  readonly target: TemplateResource;
}

/** The addresses that a function or a task holds in its variables. */
export function endpointsHeldBy(holder: TemplateResource, inventory: Inventory): readonly HeldEndpoint[] {
  return variablesOf(holder).flatMap(([variable, value]) =>
    [...inventory.references(holder, value)].flatMap(({ resource, attribute }) => {
      const kind = kindOf(resource.type, attribute);
      return kind === undefined ? [] : [{ variable, kind, target: resource }];
    }),
  );
}
