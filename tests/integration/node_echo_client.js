// usage: node node_echo_client.js PORT CA_FILE TLS_VERSION
// Sends a megabyte in pieces of odd sizes and compares what comes back. The sending side is ended
// only when everything is back: Node answers an end with an end.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const tls = require('node:tls');

const [port, caFile, version] = process.argv.slice(2);
const sent = crypto.randomBytes(1 << 20);
const received = [];
let size = 0;

const socket = tls.connect({
  host: '127.0.0.1',
  port: Number(port),
  servername: 'localhost',
  ca: fs.readFileSync(caFile),
  minVersion: version,
  maxVersion: version,
});

socket.on('secureConnect', () => {
  console.log(socket.getProtocol());
  for (let at = 0, piece = 1; at < sent.length; at += piece, piece = (piece * 7) % 40009) {
    socket.write(sent.subarray(at, at + piece));
  }
});

socket.on('data', (chunk) => {
  received.push(chunk);
  size += chunk.length;
  if (size >= sent.length) socket.end();
});

socket.on('close', () => {
  assert.deepStrictEqual(Buffer.concat(received), sent);
  console.log('unchanged');
});
