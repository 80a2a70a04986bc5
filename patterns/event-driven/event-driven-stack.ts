import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { addTryOutput } from '../../lib/stage/try-output';
import { EventDrivenShop } from './event-driven-shop';
import type { EventDrivenShopProps } from './event-driven-shop-props';

/** The event-driven pattern as a stack of its own, with what a person needs to try it as outputs. */
export class EventDrivenStack extends Stack {
  readonly shop: EventDrivenShop;

  constructor(scope: Construct, id: string, props: StackProps & EventDrivenShopProps = {}) {
    const stage = props.stage ?? stages.dev;
    super(scope, id, {
      description: 'Groundplan: event-driven microservices',
      terminationProtection: stage.deletionProtection,
      ...props,
    });
    this.shop = new EventDrivenShop(this, 'Shop', props);
    this.shop.alarms.watchBelow(this);
    new CfnOutput(this, 'ApiUrl', {
      value: this.shop.distribution?.url ?? this.shop.api.httpStage.url,
      description: 'Base address of the orders API',
    });
    if (this.shop.users !== undefined) {
      new CfnOutput(this, 'UserPoolId', {
        value: this.shop.users.userPool.userPoolId,
        description: 'User pool of the API',
      });
      new CfnOutput(this, 'UserPoolClientId', {
        value: this.shop.users.client.userPoolClientId,
        description: 'App client to sign in with',
      });
    }
    addTryOutput(this, { pattern: 'event-driven', stage, userPool: this.shop.users?.userPool });
  }
}
