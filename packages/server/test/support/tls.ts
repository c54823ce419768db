/** A certificate for localhost and its key, made for the tests and of no use anywhere else, as files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTestDirectory } from './test-directory.js';

export const certificate = `-----BEGIN CERTIFICATE-----
MIIBZDCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJXAju7NfxJ2xTSM
RMSd320q0vOGtGeNa5Kbvgv3EEramVSyC6pbQcKXEVKucuUzPeKj4Z9IP+jjsvou
Uf74Wu2jSzBJMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAMBgNVHRMEBTAD
AQH/MB0GA1UdDgQWBBRnOkk+f3cfuSVKk7YDcsa1EyPqxTAKBggqhkjOPQQDAgNI
ADBFAiEAoO+TjXmmImpuhw9Ckj7AfI7YgwWqlrASAtTRt1P3S3oCICaEkBMfDIBu
Jm+N4Iv5iBOYO2G3hCu9UHYZDCS5w2pp
-----END CERTIFICATE-----
`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbLnhy8AZ8j3uZcmr
FuEij6W7riBNjKsmQoMkdA6T6NOhRANCAASVwI7uzX8SdsU0jETEnd9tKtLzhrRn
jWuSm74L9xBK2plUsguqW0HClxFSrnLlMz3io+GfSD/o47L6LlH++Frt
-----END PRIVATE KEY-----
`;

/** The settings of a server that serves gRPC with it. */
export async function tlsFiles(): Promise<Readonly<Record<string, string>>> {
  const directory = await makeTestDirectory('tls');
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await Promise.all([writeFile(certFile, certificate), writeFile(keyFile, key)]);
  return { CONTINUO_GRPC_TLS_CERT: certFile, CONTINUO_GRPC_TLS_KEY: keyFile };
}
