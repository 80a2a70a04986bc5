import { Construct } from 'constructs';
import type { HandlerFunction } from '../../lib/compute/handler-function';
import type { RouteOptions } from './lambda-compute';
import { WebAppApplication } from './web-app-application';
import { WebAppData } from './web-app-data';
import { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/**
 * A site with a login, an API on a relational database with a cache, and uploads, behind a CDN with a firewall. This is all of it
 * in one stack, which must say its region; {@link WebAppStacks} is the same in stacks that are deployed and removed one by one.
 */
export class WebApp extends Construct {
  readonly foundation: WebAppFoundation;
  readonly data: WebAppData;
  readonly application: WebAppApplication;

  /** @throws RefusedValueError for a prop that cannot work; see the props. */
  constructor(scope: Construct, id: string, props: WebAppProps = {}) {
    super(scope, id);
    this.foundation = new WebAppFoundation(this, 'Foundation', props);
    this.data = new WebAppData(this, 'Data', { ...props, foundation: this.foundation });
    this.application = new WebAppApplication(this, 'Application', {
      ...props,
      foundation: this.foundation,
      data: this.data,
    });
    this.application.alarms.watchBelow(this);
  }

  /** Where the site is, without a slash at the end. */
  get url(): string {
    return this.application.site.url;
  }

  /** Adds a route of yours to the API; see {@link WebAppApplication.addRoute}. */
  addRoute(route: string, options: RouteOptions): HandlerFunction {
    return this.application.addRoute(route, options);
  }
}
