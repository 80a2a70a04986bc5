#!/usr/bin/env node
import { main, type Parts, type PatternCommands } from '../lib/operations/command-line';
import { processTerminal } from '../lib/operations/process-terminal';
import { hideSdkVersionWarning } from '../lib/operations/sdk-version-warning';
import type { FirstRequests } from '../lib/operations/try/first-request';
import type { PatternVerb } from '../patterns/pattern';
import { PATTERNS } from '../patterns/patterns';
import { synthesesOf } from '../patterns/synthesis';

/** What each pattern has for a command. */
function commandsFor(verb: PatternVerb): PatternCommands {
  return Object.fromEntries(
    PATTERNS.flatMap(({ name, commands }) => {
      const command = commands?.[verb];
      return command === undefined ? [] : [[name, command]];
    }),
  );
}

/** What each pattern is asked first. */
const firstRequests: FirstRequests = Object.fromEntries(
  PATTERNS.flatMap(({ name, firstRequest }) => (firstRequest === undefined ? [] : [[name, firstRequest]])),
);

const parts: Parts = {
  loads: commandsFor('load'),
  replays: commandsFor('replay'),
  firstRequests,
  syntheses: synthesesOf(PATTERNS),
};

hideSdkVersionWarning(process.env);
void main(process.argv.slice(2), processTerminal, parts).then((code) => {
  process.exitCode = code;
});
