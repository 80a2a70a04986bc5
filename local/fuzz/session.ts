/** A signed-in user. */
export interface Actor {
  /** Short, such as `ann`. */
  readonly name: string;
  /** What the sign-in knows them by. */
  readonly email: string;
  /** What is theirs in common: actors of one tenant share what the pattern lets tenants share. */
  readonly tenant: string;
  readonly token: string;
  /** The same token, past its time. */
  readonly expiredToken: string;
  /** A word that only they write. */
  readonly marker: string;
}

/** Something that an answer said was kept. */
export interface Thing {
  /** For example `order`. */
  readonly kind: string;
  readonly id: string;
  readonly owner: Actor;
  /** Where it is read. */
  readonly path: string;
  /** Who may read it. @default - its owner alone */
  readonly sharedWith?: (actor: Actor) => boolean;
  /** What reading it must show, as far as it is known. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** Whether it was deleted; what is `going` may still be read for a while. @default no */
  readonly gone?: 'no' | 'going' | 'yes';
  /** What the API granted with it, such as an upload. */
  readonly granted?: unknown;
}

/** Where a page ended. */
export interface Cursor {
  readonly owner: Actor;
  readonly path: string;
  readonly text: string;
}

/** What a run has found out so far. */
export class Session {
  readonly things: Thing[] = [];
  readonly cursors: Cursor[] = [];
  /** What requests that carried a key were answered: the same key with the same body is the same thing. */
  readonly keys = new Map<string, string>();
  /** Requests that were counted as accepted, for patterns that give nothing back to read. */
  accepted = 0;

  constructor(
    /** Of the run: makes keys that no other run has. */
    readonly id: string,
    readonly actors: readonly [Actor, ...Actor[]],
  ) {}

  /** The actor that a number picks. */
  actor(pick: number): Actor {
    return this.actors[pick % this.actors.length] ?? this.actors[0];
  }

  /** A thing of a kind that a number picks, of anyone; undefined before there is one. */
  thing(kind: string, pick: number): Thing | undefined {
    const all = this.things.filter((thing) => thing.kind === kind);
    return all[pick % Math.max(1, all.length)];
  }

  /** Remembers a thing, or what it shows from now on. */
  keep(thing: Thing): void {
    const { kind, id, owner } = thing;
    const known = this.things.findIndex((each) => each.kind === kind && each.id === id && each.owner === owner);
    if (known === -1) this.things.push(thing);
    else this.things[known] = thing;
  }

  /** The thing that an actor has at a path. */
  at(path: string, owner: Actor): Thing | undefined {
    return this.things.find((thing) => thing.owner === owner && thing.path === path);
  }

  /** What an answer to an actor must not say: ids and words of others. @param actor undefined for a caller without a valid token */
  secretsFrom(actor: Actor | undefined): string[] {
    const others = this.actors.filter((each) => each !== actor).map(({ marker }) => marker);
    const isOthers = (thing: Thing) =>
      !mayRead(thing, actor) && (actor === undefined || this.at(thing.path, actor) === undefined);
    const ids = this.things.filter(isOthers).map(({ id }) => id);
    return [...others, ...ids];
  }
}

/** Whether a thing may be read by an actor. */
export function mayRead({ owner, sharedWith }: Thing, actor: Actor | undefined): boolean {
  return actor !== undefined && (actor === owner || sharedWith?.(actor) === true);
}
