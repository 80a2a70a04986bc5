#!/usr/bin/env node
import { main } from '../lib/operations/command-line';
import { processTerminal } from '../lib/operations/process-terminal';

void main(process.argv.slice(2), processTerminal).then((code) => {
  process.exitCode = code;
});
