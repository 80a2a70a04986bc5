import { GroundplanApp } from '../patterns/groundplan-app';
import { ALL, selectionOf } from '../patterns/selection';
import { cliArguments } from './cli-arguments';

const args = cliArguments();
const selection = args === undefined ? ALL : selectionOf(args);
void GroundplanApp.create({ selection, autoSynth: false })
  .then((app) => (selection.namesOnly ? app : app.addChecks()))
  .then((app) => (app.isListed ? undefined : app.synth()));
