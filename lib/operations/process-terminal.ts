import { stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Terminal } from './terminal';

/** The terminal of this process. Questions go to standard error: standard output is the result alone. */
export const processTerminal: Terminal = {
  out: (text) => {
    stdout.write(`${text}\n`);
  },
  err: (text) => {
    stderr.write(`${text}\n`);
  },
  interactive: stdin.isTTY === true && stderr.isTTY === true,
  ask: (question) =>
    new Promise((answered) => {
      const reader = createInterface({ input: stdin, output: stderr });
      // End of input and Ctrl-C close the reader without an answer.
      reader.once('close', () => answered(''));
      reader.question(question, (answer) => {
        answered(answer);
        reader.close();
      });
    }),
  sleep: (duration) => setTimeout(duration),
  now: Date.now,
  onInterrupt: (heard) => {
    process.once('SIGINT', heard);
    return () => {
      process.off('SIGINT', heard);
    };
  },
};
