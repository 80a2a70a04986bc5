import type { FuzzRequest } from './request';
import type { Actor, Session } from './session';

/** A request on its way to being sent. */
export interface Draft {
  readonly request: FuzzRequest;
  /** Its body as a value, as long as it is one. */
  readonly json?: unknown;
  /** Whether its token must be refused. */
  readonly isForged: boolean;
}

/** Changes a draft. */
export type Mutation = (draft: Draft, session: Session, actor: Actor) => Draft;
