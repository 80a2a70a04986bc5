// What Lambda's Node.js runtime gives to handlers that stream (docs.aws.amazon.com/lambda: config-rs-write-functions), for threads
// and for the engine's own process alike.
const { Writable } = require('node:stream');

const streamed = new WeakSet();

/** Bytes between what an answer is and what it says (docs.aws.amazon.com/apigateway: response-transfer-mode-lambda). */
const DELIMITER_BYTES = 8;

class ResponseStream extends Writable {
  constructor(onChunk) {
    super({ decodeStrings: true });
    this.onChunk = onChunk;
  }

  setContentType(type) {
    this.contentType = type;
  }

  // What comes before the first write comes with it: an answer that is ended without one has no status.
  write(chunk, ...rest) {
    this.begin();
    return super.write(chunk, ...rest);
  }

  end(chunk, ...rest) {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.begin();
    return super.end(chunk, ...rest);
  }

  begin() {
    const { prelude } = this;
    this.prelude = undefined;
    if (prelude !== undefined) this.onChunk(prelude);
  }

  _write(chunk, _encoding, done) {
    if (chunk.length > 0) this.onChunk(chunk);
    done();
  }
}

/** The global `awslambda`. */
exports.awslambda = {
  streamifyResponse(handler) {
    streamed.add(handler);
    return handler;
  },
  HttpResponseStream: {
    from(stream, metadata) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.prelude = Buffer.concat([Buffer.from(JSON.stringify(metadata)), Buffer.alloc(DELIMITER_BYTES)]);
      return stream;
    },
  },
};

/** Whether a handler streams. */
exports.isStreamed = (handler) => streamed.has(handler);

/** Runs a handler that streams, until it is done and its stream is, too. `onChunk` gets each write as it is made. */
exports.runStreamed = async (handler, event, context, onChunk) => {
  const stream = new ResponseStream(onChunk);
  const finished = new Promise((done, failed) => {
    stream.once('finish', done).once('error', failed);
  });
  await Promise.all([handler(event, stream, context), finished]);
};
