import { GroundplanApp } from '../patterns/groundplan-app';

new GroundplanApp().synth();
