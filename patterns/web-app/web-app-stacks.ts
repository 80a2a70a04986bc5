import {
  CfnOutput,
  CrossStackReferences,
  type Environment,
  ReferenceStrength,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { WebAppApplication } from './web-app-application';
import { WebAppData } from './web-app-data';
import { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/** Props of {@link WebAppStacks}. */
export interface WebAppStacksProps extends WebAppProps {
  /** Account and region; the region must be named. */
  readonly env: Environment;
}

/**
 * The web app as stacks: network, data, application, and what CloudFront takes from us-east-1 alone. The application refers to the
 * others by weak references, which read an output at deployment and export nothing: it can go, and come again, without a word to
 * the data, and a change of the data never waits for the application to let go. The data alone imports what the network exports:
 * CloudFormation knows an imported value before it changes anything, and never takes a key or a subnet for another that may be
 * (CDK issue 38829: a weak one can make it plan to replace a database).
 */
export class WebAppStacks {
  readonly foundation: WebAppFoundation;
  readonly data: WebAppData;
  readonly application: WebAppApplication;

  /**
   * @param name of the application's stack, and the beginning of the others' names
   * @throws RefusedValueError for a prop that cannot work, or a region that is left open
   */
  constructor(scope: Construct, name: string, props: WebAppStacksProps) {
    const { stage = stages.dev, env } = props;
    const common = { env, terminationProtection: stage.deletionProtection } satisfies StackProps;
    const network = new Stack(scope, `${name}Network`, { ...common, description: 'Groundplan: web app, network' });
    const kept = new Stack(scope, `${name}Data`, { ...common, description: 'Groundplan: web app, data' });
    CrossStackReferences.of(kept).consume(ReferenceStrength.STRONG);
    const running = new Stack(scope, name, { ...common, description: 'Groundplan: web app' });
    this.foundation = new WebAppFoundation(network, 'Foundation', props);
    this.data = new WebAppData(kept, 'Data', { ...props, foundation: this.foundation });
    const { foundation, data } = this;
    this.application = new WebAppApplication(running, 'Application', { ...props, foundation, data });
    foundation.alarms.watchBelow(network);
    data.alarms.watchBelow(kept);
    this.application.alarms.watchBelow(running);
    const outputs: Record<string, readonly [value: string, description: string]> = {
      Url: [this.application.site.url, 'URL of the site'],
      UserPoolId: [data.userPool.userPoolId, 'User pool whose users may sign in'],
      UserPoolClientId: [this.application.client.userPoolClientId, 'App client to sign in with'],
      UploadsBucket: [this.application.uploads.bucket.bucketName, 'Bucket with the uploaded files'],
    };
    for (const [output, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(running, output, { value, description });
    }
  }
}
