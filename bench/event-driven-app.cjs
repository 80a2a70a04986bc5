// The event-driven pattern alone, as the app of this project makes it.
const { App } = require('aws-cdk-lib');
const { readContext } = require('../dist/lib/stage/context');
const { EventDrivenStack } = require('../dist/patterns/event-driven');

const app = new App();
const { stage, alarmEmail, env } = readContext(app.node);
new EventDrivenStack(app, 'EventDriven', { stage, alarmEmail, env });
app.synth();
