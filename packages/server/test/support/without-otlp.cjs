/** For `node --require`: a process in which the packages that export traces are not installed. */
const Module = require('node:module');

const resolve = Module._resolveFilename;

Module._resolveFilename = function resolveInstalled(name, ...rest) {
  if (/^@opentelemetry\/(core|resources|sdk-trace-base|exporter-trace-otlp-\w+)$/.test(name)) {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return resolve.call(this, name, ...rest);
};
