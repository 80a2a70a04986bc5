import { GroundplanApp } from '../patterns/groundplan-app';
import { ALL, selectionOf } from '../patterns/selection';
import { cliArguments } from './cli-arguments';

const args = cliArguments();
void GroundplanApp.create({ selection: args === undefined ? ALL : selectionOf(args) })
  .then((app) => app.addChecks())
  .then((app) => app.synth());
