import type { Context } from 'hono';

/** What each request brings along; see `ApplicationOptions`. */
export interface ApplicationEnvironment {
  readonly Variables: {
    readonly requestId: string;
    /** The subject of the caller's token: whose items these are. */
    readonly owner: string;
  };
}

export type ApplicationContext = Context<ApplicationEnvironment>;
