#!/usr/bin/env node
import { main } from '../lib/operations/command-line';
import { processTerminal } from '../lib/operations/process-terminal';
import { hideSdkVersionWarning } from '../lib/operations/sdk-version-warning';
import { dataPipelineLoad } from '../patterns/data-pipeline/load';
import { dataPipelineReplay } from '../patterns/data-pipeline/replay';

const parts = {
  loads: { 'data-pipeline': dataPipelineLoad },
  replays: { 'data-pipeline': dataPipelineReplay },
};

hideSdkVersionWarning(process.env);
void main(process.argv.slice(2), processTerminal, parts).then((code) => {
  process.exitCode = code;
});
