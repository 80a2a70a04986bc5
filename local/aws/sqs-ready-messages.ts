import { MinHeap } from '../clock/min-heap';
import type { Message } from './sqs-queue';

/** Messages that can be received, in the order that the kind of queue promises. */
export interface ReadyMessages {
  readonly size: number;
  all(): readonly Message[];
  /** A message that comes back takes its old place again. */
  put(message: Message): void;
  /** Takes out the one that is received next, given what is in flight and what this receive has taken already. */
  take(inFlight: ReadonlySet<Message>, taken: readonly Message[]): Message | undefined;
  remove(message: Message): void;
}

/** What fits the queue. */
export function readyMessages(fifo: boolean, pick?: (count: number) => number): ReadyMessages {
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
  private messages: Message[] = [];

  get size(): number {
    return this.messages.length;
  }

  all(): readonly Message[] {
    return this.messages;
  }

  put(message: Message): void {
    const index = this.messages.findIndex(({ sequence }) => sequence > message.sequence);
    this.messages.splice(index === -1 ? this.messages.length : index, 0, message);
  }

  take(inFlight: ReadonlySet<Message>, taken: readonly Message[]): Message | undefined {
    const held = new Set([...inFlight].flatMap((message) => (taken.includes(message) ? [] : [message.group])));
    const index = this.messages.findIndex(({ group }) => !held.has(group));
    return index === -1 ? undefined : this.messages.splice(index, 1)[0];
  }

  remove(message: Message): void {
    this.messages = this.messages.filter((each) => each !== message);
  }
}
