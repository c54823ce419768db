/** The certificate of the tests and its key, as files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificate, certificateKey } from './certificate.js';
import { makeTestDirectory } from './test-directory.js';

/** The settings of a server that serves gRPC with it. */
export async function tlsFiles(): Promise<Readonly<Record<string, string>>> {
  const directory = await makeTestDirectory('tls');
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await Promise.all([writeFile(certFile, certificate), writeFile(keyFile, certificateKey)]);
  return { CONTINUO_GRPC_TLS_CERT: certFile, CONTINUO_GRPC_TLS_KEY: keyFile };
}
