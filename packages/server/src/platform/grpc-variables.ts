/** The environment variables of gRPC: where it listens, by which address clients find it, and TLS. */
import { z } from 'zod';
import { text, variableNotes } from './variable-kinds.js';

const PORT = /^(0|[1-9]\d{0,4})$/;
const ADDRESS = /^(\[[\da-f:]+\]|[\w.-]+):[1-9]\d{0,4}$/i;
/** Where `npm start` serves gRPC beside port 4000. */
const LOCAL_PORT = 4_001;

export const grpcVariables = {
  CONTINUO_GRPC_PORT: z
    .string()
    .refine((value) => value === 'off' || (PORT.test(value) && Number(value) <= 65_535))
    .transform((value) => (value === 'off' ? value : Number(value)))
    .optional()
    .register(variableNotes, {
      description:
        "TCP port to serve A2A's gRPC on, on the address of HOST; 0 takes a free one. Default: off; without authentication and without PORT, 4001 if it is free.",
      expected: 'a whole number from 0 to 65535, or off',
    }),
  CONTINUO_GRPC_PUBLIC_ADDRESS: z
    .string()
    .refine((value) => ADDRESS.test(value) && Number(value.slice(value.lastIndexOf(':') + 1)) <= 65_535)
    .optional()
    .register(variableNotes, {
      description:
        'Address under which clients reach the gRPC port, written into the agent cards. Default: the host of the HTTP address, and the port.',
      expected: 'host:port, as grpc.example.com:443',
    }),
  CONTINUO_GRPC_TLS_CERT: text({
    description:
      'File with the certificate chain of the gRPC port, PEM. Without it, it speaks plain text, for a proxy.',
    expected: 'a path',
  }),
  CONTINUO_GRPC_TLS_KEY: text({
    description: 'File with the private key of that certificate, PEM.',
    expected: 'a path',
  }),
} as const;

export interface GrpcSettings {
  readonly port: number;
  /** False: the server does without it where the port is taken. */
  readonly isAskedFor: boolean;
  readonly publicAddress: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
}

interface Given {
  readonly CONTINUO_GRPC_PORT?: number | 'off' | undefined;
  readonly CONTINUO_GRPC_PUBLIC_ADDRESS?: string | undefined;
  readonly CONTINUO_GRPC_TLS_CERT?: string | undefined;
  readonly CONTINUO_GRPC_TLS_KEY?: string | undefined;
}

/** Undefined where gRPC is off. `isPlainStart`: nobody has to say who he is, and nobody has set PORT. */
export function grpcSettings(given: Given, isPlainStart: boolean): GrpcSettings | undefined {
  const { CONTINUO_GRPC_PORT: asked, CONTINUO_GRPC_PUBLIC_ADDRESS: publicAddress } = given;
  const { CONTINUO_GRPC_TLS_CERT: certFile, CONTINUO_GRPC_TLS_KEY: keyFile } = given;
  const port = asked ?? (isPlainStart ? LOCAL_PORT : 'off');
  if (port === 'off') return undefined;
  const tls = certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
  return { port, isAskedFor: asked !== undefined, publicAddress, tls };
}
