import { AspectPriority, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { constructIdOf } from '../naming/construct-id';
import { addOwnAspect } from '../stage/apply-aspects';
import { isHidden, reasonUnwatched } from '../validation/unwatched';
import type { Alarms } from './alarms';
import type { Found } from './watched/watched-kind';
import { foundAs } from './watched/watched-kinds';

/** What has been found: two patterns beside each other, or a pattern and the stack around it, look at the same resources. */
const SEEN = new WeakSet<IConstruct>();

/**
 * Gives the usual alarms to every resource below a scope that is of a kind of {@link foundAs}, unless it is watched by a name of its
 * own or left; and a line in the dashboard's row of its kind to what no row shows. What is added later is watched without a word. The
 * names of these alarms come of the construct's path.
 */
export function watchUnlessLeft(alarms: Alarms, scope: IConstruct): void {
  const watchAll: IAspect = {
    visit: (node) => {
      if (isOfAnother(node, alarms)) return;
      const found = foundAs(node);
      if (found === undefined || isHidden(found.resource) || SEEN.has(found.resource)) return;
      SEEN.add(found.resource);
      watch(alarms, found, idBelow(scope, node, alarms));
    },
  };
  addOwnAspect(scope, watchAll, AspectPriority.MUTATING);
}

function watch(alarms: Alarms, { resource, watch, watchLines, row }: Found, id: string): void {
  if (!alarms.isDecided(resource)) watch(alarms, id);
  if (reasonUnwatched(resource) === undefined) watchLines?.(alarms, id);
  const { dashboard } = alarms;
  if (row === undefined || dashboard === undefined || dashboard.shows(row.name)) return;
  const label = alarms.nameOf(resource) || id;
  const graphs = Object.entries(row.graphs).map(([title, metric]) => [title, [metric.with({ label })]]);
  dashboard.addToRow({ title: row.title, graphs: Object.fromEntries(graphs) });
}

/** A pattern inside of the scope has alarms of its own. */
function isOfAnother(node: IConstruct, alarms: Alarms): boolean {
  const nearest = [...node.node.scopes].reverse().find(({ node: { children } }) => children.some(isAlarms));
  return nearest !== undefined && !nearest.node.children.includes(alarms);
}

/** What follows the name of what is watched in an alarm's. */
const ENDING = new RegExp(
  `^(${[
    'Throttles|ErrorLines|LogErrors|DeadLetters|QueueAge|(Read|Write)ThrottleEvents|NotificationsFailed|FailedInvocations',
    'InvocationsSentToDlq|(Pipe)?Failed|TimedOut|(Edge)?ErrorRate|LatencyP99|(Read|Write)Throttles|IteratorAge|FailureStore',
    'Lag|Errors|Dropped|Stopped|Freshness|FailedConversion|BytesScanned|Connections|Capacity|BorrowLatency|Room|Bytes|Ports',
    'UnhealthyHosts|ServiceCpu',
  ].join('|')})$`,
);

const isAlarms = (construct: IConstruct): boolean => 'isDecided' in construct;

/** What an L1 or the L2 of a block is called, which says nothing beside the block's own name. */
const OWN_NAME =
  /\/(Resource|Function|Queue|Table|Topic|Pipe|Stream|Cluster|Proxy|Cache|Distribution|Delivery|Mapping)$/;

/** `Billing/Handler/Function` below the scope as `BillingHandler`; with a part of its address where alarms are called so already. */
function idBelow(scope: IConstruct, { node: { path, scopes, addr } }: IConstruct, alarms: Alarms): string {
  const from = scopes.find((each) => each === alarms.node.scope) ?? scope;
  const below = path.slice(from.node.path.length + 1).replace(OWN_NAME, '');
  const id = constructIdOf(below.replaceAll('/', '-'));
  const isTaken = alarms.node.children.some(
    ({ node }) => node.id.startsWith(id) && ENDING.test(node.id.slice(id.length)),
  );
  return isTaken ? `${id}${addr.slice(-8)}` : id;
}
