// Loaded into every Node process and thread of the app under test (NODE_OPTIONS=--import): notes each use of the network.
// It only writes down; the test judges.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
import { threadId } from 'node:worker_threads';

const file = process.env.OVERFIT_TEST_NETWORK_LOG;
if (file === undefined) throw new Error('OVERFIT_TEST_NETWORK_LOG names the file to write to');

/** @param {string} use @param {unknown[]} args */
const note = (use, args) => {
  const entry = JSON.stringify({ pid: process.pid, threadId, use, args: args.map((arg) => shown(arg)) });
  appendFileSync(file, `${entry}\n`);
};
/** @param {unknown} arg */
const shown = (arg) => {
  if (typeof arg === 'string' || typeof arg === 'number') return arg;
  if (typeof arg !== 'object' || arg === null) return typeof arg;
  return Array.isArray(arg) ? arg.map(shown) : Object.fromEntries(['host', 'port', 'path'].map((k) => [k, arg[k]]));
};

/** @param {object} owner @param {string} name @param {string} use */
function record(owner, name, use) {
  const original = owner[name];
  owner[name] = function (...args) {
    note(use, args);
    return Reflect.apply(original, this, args);
  };
}

note('started', [process.argv[1] ?? '']);
record(net.Socket.prototype, 'connect', 'connect');
for (const name of ['bind', 'connect', 'send']) record(dgram.Socket.prototype, name, `dgram.${name}`);
for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const name of Object.getOwnPropertyNames(owner))
    if (/^(lookup|resolve|reverse)/.test(name)) record(owner, name, `dns.${name}`);
record(net.Server.prototype, 'listen', 'listen');
syncBuiltinESMExports();
