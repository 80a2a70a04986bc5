import { AspectPriority, Aspects, type IAspect } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { HandlerFunction } from '../compute/handler-function';
import { DeadLetterQueue } from '../messaging/dead-letter-queue';
import { constructIdOf } from '../naming/construct-id';
import type { Alarms } from './alarms';

/**
 * Gives the usual alarms to every function, queue, table, topic, rule, pipe, workflow and API below a scope that no one watched by a
 * name of its own, or left: what is added later is watched without a word. The names of these alarms come of the construct's path.
 */
export function watchUnlessLeft(alarms: Alarms, scope: IConstruct): void {
  const watchAll: IAspect = {
    visit: (node) => {
      if (isOfAnother(node, alarms)) return;
      const watch = watchOf(alarms, node);
      if (watch !== undefined) watch(idBelow(scope, node, alarms));
    },
  };
  Aspects.of(scope).add(watchAll, { priority: AspectPriority.MUTATING });
}

/** A pattern inside of the scope has alarms of its own. */
function isOfAnother(node: IConstruct, alarms: Alarms): boolean {
  const nearest = [...node.node.scopes].reverse().find(({ node: { children } }) => children.some(isAlarms));
  return nearest !== undefined && !nearest.node.children.includes(alarms);
}

/** What follows the name of what is watched in an alarm's. */
const ENDING =
  /^(Throttles|ErrorLines|LogErrors|DeadLetters|QueueAge|(Read|Write)ThrottleEvents|NotificationsFailed|FailedInvocations|InvocationsSentToDlq|(Pipe)?Failed|TimedOut|ErrorRate|LatencyP99)$/;

/** Functions of CDK's provider framework, which run at deployments alone. */
const FRAMEWORK = /^framework-(onEvent|isComplete|onTimeout)$/;

const isAlarms = (construct: IConstruct): boolean => 'isDecided' in construct;

/** How a construct is watched; undefined for one that needs no alarm, or is decided. */
function watchOf(alarms: Alarms, node: IConstruct): ((id: string) => void) | undefined {
  const unless = (resource: IConstruct, watch: (id: string) => void) =>
    alarms.isDecided(resource) ? undefined : watch;
  if (node instanceof HandlerFunction) return unless(node.function, (id) => alarms.watchHandler(id, node));
  if (node instanceof LambdaFunction) {
    if (node.node.scope instanceof HandlerFunction || FRAMEWORK.test(node.node.id)) return undefined;
    return unless(node, (id) => alarms.watchFunction(id, node));
  }
  if (node instanceof DeadLetterQueue) return unless(node, (id) => alarms.watchDeadLetters(id, node));
  if (node instanceof Queue) return unless(node, (id) => alarms.watchQueue(id, node));
  if (node instanceof Table || node instanceof TableV2) return unless(node, (id) => alarms.watchTable(id, node));
  if (node instanceof Topic) return unless(node, (id) => alarms.watchTopic(id, node));
  if (node instanceof Rule) return unless(node, (id) => alarms.watchRule(id, node, busOf(node)));
  if (CfnPipe.isCfnPipe(node)) return unless(node, (id) => alarms.watchPipe(id, node));
  if (node instanceof StateMachine) return unless(node, (id) => alarms.watchWorkflow(id, node));
  // An API without a stage of its own answers no one yet.
  if (node instanceof HttpApi && node.defaultStage !== undefined) {
    return unless(node, (id) => alarms.watchHttpApi(node, undefined, id));
  }
  if (node instanceof RestApi && node.deploymentStage !== undefined) {
    return unless(node, (id) => alarms.watchRestApi(node, undefined, undefined, id));
  }
  return undefined;
}

/** The bus of a rule, by its name or ARN as the rule has it; undefined for the account's default bus. */
function busOf(rule: Rule): { readonly eventBusName: string } | undefined {
  const { eventBusName } = rule.node.defaultChild as CfnRule;
  return eventBusName === undefined || eventBusName === 'default' ? undefined : { eventBusName };
}

/** `Billing/Handler/Function` below the scope as `BillingHandler`; with a part of its address where alarms are called so already. */
function idBelow(scope: IConstruct, { node: { path, addr } }: IConstruct, alarms: Alarms): string {
  const below = path.slice(scope.node.path.length + 1).replace(/\/(Resource|Function|Queue|Table|Topic|Pipe)$/, '');
  const id = constructIdOf(below.replaceAll('/', '-'));
  const isTaken = alarms.node.children.some(
    ({ node }) => node.id.startsWith(id) && ENDING.test(node.id.slice(id.length)),
  );
  return isTaken ? `${id}${addr.slice(-8)}` : id;
}
