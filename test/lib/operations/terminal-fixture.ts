import type { Terminal } from '../../../lib/operations/terminal';
import { type Clock, sleep } from '../../../local/clock/clock';

/** Somebody in front of a command. */
export interface Person {
  /** What is answered when asked. @default - nobody can be asked */
  readonly answer?: string;
  /** Milliseconds until Ctrl-C. @default - never */
  readonly interruptsAfter?: number;
}

/** The time that a command lives in. */
export interface Time extends Pick<Terminal, 'now' | 'sleep'> {
  /** Does something later. @returns how to forget it */
  after?(milliseconds: number, act: () => void): () => void;
}

/** Time as an engine's clock has it. */
export function timeOf(clock: Clock): Time {
  return {
    now: () => clock.now(),
    sleep: (duration) => sleep(clock, duration),
    after: (duration, act) => clock.after(duration, act),
  };
}

/** What a person sees of a command. */
export class Seen {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly asked: string[] = [];
  /** How often the command listens for Ctrl-C. */
  listening = 0;
  readonly terminal: Terminal;

  constructor(time: Time, { answer, interruptsAfter }: Person = {}) {
    this.terminal = {
      out: (text) => this.out.push(text),
      err: (text) => this.err.push(text),
      interactive: answer !== undefined,
      ask: (question) => {
        this.asked.push(question);
        return Promise.resolve(answer ?? '');
      },
      sleep: (duration) => time.sleep(duration),
      now: () => time.now(),
      onInterrupt: (heard) => {
        this.listening += 1;
        const forget = interruptsAfter === undefined ? undefined : time.after?.(interruptsAfter, heard);
        return () => {
          this.listening -= 1;
          forget?.();
        };
      },
    };
  }

  /** All of it, once the command has ended. */
  result(code: number) {
    const { out, err, asked, listening } = this;
    return { code, out: out.join('\n'), err: err.join('\n'), asked, listening };
  }
}

/** A command line as its words. */
export const words = (line: string) => line.split(' ').filter((each) => each !== '');
