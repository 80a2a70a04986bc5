import { Aspects } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
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
  Aspects.of(scope).add({
    visit: (node) => {
      if (isOfAnother(node, alarms)) return;
      const watch = watchOf(alarms, node);
      if (watch !== undefined) watch(idBelow(scope, node));
    },
  });
}

/** A pattern inside of the scope has alarms of its own. */
function isOfAnother(node: IConstruct, alarms: Alarms): boolean {
  const nearest = [...node.node.scopes].reverse().find(({ node: { children } }) => children.some(isAlarms));
  return nearest !== undefined && !nearest.node.children.includes(alarms);
}

const isAlarms = (construct: IConstruct): boolean => 'isDecided' in construct;

/** How a construct is watched; undefined for one that needs no alarm, or is decided. */
function watchOf(alarms: Alarms, node: IConstruct): ((id: string) => void) | undefined {
  const unless = (resource: IConstruct, watch: (id: string) => void) =>
    alarms.isDecided(resource) ? undefined : watch;
  if (node instanceof HandlerFunction) return unless(node.function, (id) => alarms.watchHandler(id, node));
  if (node instanceof LambdaFunction && !(node.node.scope instanceof HandlerFunction)) {
    return unless(node, (id) => alarms.watchFunction(id, node));
  }
  if (node instanceof DeadLetterQueue) return unless(node, (id) => alarms.watchDeadLetters(id, node));
  if (node instanceof Queue) return unless(node, (id) => alarms.watchQueue(id, node));
  if (node instanceof Table) return unless(node, (id) => alarms.watchTable(id, node));
  if (node instanceof Topic) return unless(node, (id) => alarms.watchTopic(id, node));
  if (node instanceof Rule) return unless(node, (id) => alarms.watchRule(id, node));
  if (CfnPipe.isCfnPipe(node)) return unless(node, (id) => alarms.watchPipe(id, node));
  if (node instanceof StateMachine) return unless(node, (id) => alarms.watchWorkflow(id, node));
  if (node instanceof HttpApi) return unless(node, () => alarms.watchHttpApi(node));
  if (node instanceof RestApi) return unless(node, () => alarms.watchRestApi(node));
  return undefined;
}

/** `Billing/Handler/Function` below the scope as `BillingHandler`. */
function idBelow(scope: IConstruct, { node: { path } }: IConstruct): string {
  const below = path.slice(scope.node.path.length + 1).replace(/\/(Resource|Function|Queue|Table|Topic|Pipe)$/, '');
  return constructIdOf(below.replaceAll('/', '-'));
}
