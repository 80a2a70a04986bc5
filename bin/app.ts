import { GroundplanApp } from '../patterns/groundplan-app';

void new GroundplanApp().addChecks().then((app) => app.synth());
