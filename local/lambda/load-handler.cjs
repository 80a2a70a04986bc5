// Loads a handler and names what is wrong with it as Lambda does, for threads and for the engine's own process alike.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

class LoadError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** What Lambda's runtime makes of an answer: JSON, or this error of its own for what JSON cannot say. */
exports.serialized = (result) => {
  if (result === undefined) return undefined;
  try {
    return JSON.stringify(result);
  } catch {
    throw new Error('Unable to stringify response body');
  }
};

/** The handler of `file.export` in a folder; `load` evaluates the file. */
exports.loadHandler = (folder, handler, load) => {
  const [file, name] = handler.split('.');
  const path = join(folder, `${file}.js`);
  if (!existsSync(path)) throw new LoadError('Runtime.ImportModuleError', `Cannot find module '${file}'`);
  let exported;
  try {
    exported = load(path);
  } catch (error) {
    const kind = error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError';
    throw new LoadError(kind, `${error?.name ?? 'Error'}: ${error?.message ?? error}`);
  }
  if (typeof exported[name] !== 'function') {
    throw new LoadError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return exported[name];
};
