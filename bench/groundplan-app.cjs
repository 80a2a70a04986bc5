// The app of this project without its rule packs: all patterns, or the one that is named.
const { GroundplanApp } = require('../dist/patterns/groundplan-app');
const { PATTERNS } = require('../dist/patterns/patterns');

const [, , only] = process.argv;
const patterns = PATTERNS.filter(({ name }) => only === undefined || name === only);
void GroundplanApp.create({ patterns, autoSynth: false }).then((app) => app.synth());
