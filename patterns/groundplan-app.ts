import { App, type AppProps } from 'aws-cdk-lib';
import { type AppContext, readContext } from '../lib/stage/context';
import { EventDrivenStack } from './event-driven/event-driven-stack';

/** The CDK app with one stack for each pattern; `-c` decides the rest, see {@link readContext}. */
export class GroundplanApp extends App {
  readonly settings: AppContext;

  /** @throws RefusedValueError for a context key or value that cannot be one. */
  constructor(props: AppProps = {}) {
    super(props);
    this.settings = readContext(this.node);
    const { stage, alarmEmail, env } = this.settings;
    new EventDrivenStack(this, 'EventDriven', { stage, alarmEmail, env });
  }
}
