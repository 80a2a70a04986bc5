// The peer of the synth benchmark: the architectures of the patterns as a CDK user writes them by hand, one or all in one app. L2
// constructs with their grants and defaults, L1 where the CDK has no L2. They are no examples: no policy is as narrow as it could be.
// Usage: node app.cjs [pattern]
const { App } = require('aws-cdk-lib');

const [, , only] = process.argv;
const app = new App();
for (const name of only === undefined ? ['event-driven', 'data-pipeline', 'web-app', 'genai-rag'] : [only]) {
  require(`./${name}.cjs`).add(app);
}
app.synth();
