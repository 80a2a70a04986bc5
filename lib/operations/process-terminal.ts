import { stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
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
  ask: async (question) => {
    const reader = createInterface({ input: stdin, output: stderr });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  },
  sleep: (duration) => setTimeout(duration),
  now: Date.now,
};
