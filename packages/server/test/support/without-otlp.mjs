/** For `node --import`: a process in which the packages that export traces are not installed. */
import Module from 'node:module';

/** What `require.resolve` asks; Node.js 20 has no hook for it. */
const RESOLVE = '_resolveFilename';
const resolve = Module[RESOLVE];

Module[RESOLVE] = function resolveInstalled(name, ...rest) {
  if (/^@opentelemetry\/(core|resources|sdk-trace-base|exporter-trace-otlp-\w+)$/.test(name)) {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return resolve.call(this, name, ...rest);
};
