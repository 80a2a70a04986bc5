import { MinHeap } from '../clock/min-heap';
import type { Message } from './sqs-queue';

/** Messages that can be received, in the order that the kind of queue promises. */
export interface ReadyMessages {
  readonly size: number;
  all(): readonly Message[];
  /** Whether one can be received, given what is in flight. */
  available(inFlight: ReadonlySet<Message>): boolean;
  /** A message that comes back takes its old place again. */
  put(message: Message): void;
  /** Takes out the one that is received next, given what is in flight and what this receive has taken already. */
  take(inFlight: ReadonlySet<Message>, taken: readonly Message[]): Message | undefined;
  remove(message: Message): void;
}

/** In which order a queue gives its messages. */
interface QueueOrder {
  readonly fifo: boolean;
  readonly pick?: (count: number) => number;
}

/** What fits the queue. @param queue.pick draws one of so many. @default - a standard queue gives its oldest */
export function readyMessages({ fifo, pick }: QueueOrder): ReadyMessages {
  if (fifo) return new GroupedMessages();
  return pick === undefined ? new OldestFirst() : new AnyOrder(pick);
}

/** A standard queue on a good day. */
class OldestFirst implements ReadyMessages {
  private readonly heap = new MinHeap<Message>((a, b) => a.sequence < b.sequence);
  private readonly present = new Set<Message>();

  get size(): number {
    return this.present.size;
  }

  all(): readonly Message[] {
    return [...this.present].sort((a, b) => a.sequence - b.sequence);
  }

  available(): boolean {
    return this.size > 0;
  }

  put(message: Message): void {
    this.present.add(message);
    this.heap.push(message);
  }

  take(): Message | undefined {
    for (let message = this.heap.pop(); message !== undefined; message = this.heap.pop()) {
      if (this.present.delete(message)) return message;
    }
    return undefined;
  }

  remove(message: Message): void {
    this.present.delete(message);
  }
}

/** A standard queue as AWS promises it: any message may come next. */
class AnyOrder implements ReadyMessages {
  private readonly messages: Message[] = [];

  constructor(private readonly pick: (count: number) => number) {}

  get size(): number {
    return this.messages.length;
  }

  all(): readonly Message[] {
    return this.messages;
  }

  available(): boolean {
    return this.size > 0;
  }

  put(message: Message): void {
    this.messages.push(message);
  }

  take(): Message | undefined {
    return this.messages.length === 0 ? undefined : this.takeAt(this.pick(this.messages.length));
  }

  remove(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index !== -1) this.takeAt(index);
  }

  private takeAt(index: number): Message | undefined {
    const taken = this.messages[index];
    const last = this.messages.pop();
    if (last !== undefined && index < this.messages.length) this.messages[index] = last;
    return taken;
  }
}

/** A FIFO queue: order within a group, and a message in flight holds its group back. */
class GroupedMessages implements ReadyMessages {
  /** Each group's messages in order; a group without any is not there. */
  private readonly groups = new Map<string | undefined, Message[]>();
  size = 0;

  all(): readonly Message[] {
    return [...this.groups.values()].flat().sort((a, b) => a.sequence - b.sequence);
  }

  available(inFlight: ReadonlySet<Message>): boolean {
    const held = new Set([...inFlight].map(({ group }) => group));
    return [...this.groups.keys()].some((group) => !held.has(group));
  }

  put(message: Message): void {
    this.size += 1;
    const messages = this.groups.get(message.group);
    if (messages === undefined) {
      this.groups.set(message.group, [message]);
      return;
    }
    const index = messages.findIndex(({ sequence }) => sequence > message.sequence);
    messages.splice(index === -1 ? messages.length : index, 0, message);
  }

  take(inFlight: ReadonlySet<Message>, taken: readonly Message[]): Message | undefined {
    const held = new Set<string | undefined>();
    for (const message of inFlight) if (!taken.includes(message)) held.add(message.group);
    let first: Message | undefined;
    for (const [group, [oldest]] of this.groups) {
      if (held.has(group) || oldest === undefined) continue;
      if (first === undefined || oldest.sequence < first.sequence) first = oldest;
    }
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(message: Message): void {
    const messages = this.groups.get(message.group) ?? [];
    const index = messages.indexOf(message);
    if (index === -1) return;
    this.size -= 1;
    messages.splice(index, 1);
    if (messages.length === 0) this.groups.delete(message.group);
  }
}
