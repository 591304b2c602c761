// The certificate with which the server shows who it is: one's own, or one that it makes and that invites carry.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { z } from 'zod';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import type { Config } from './config.ts';

export interface ServerCertificate {
  /** Both as PEM. */
  readonly certificate: string;
  readonly key: string;
  /**
   * What devices pin: SHA-256 of the certificate as 64 hexadecimal digits. null where an authority signed it: devices
   * then trust who signed, and the certificate may be renewed.
   */
  readonly fingerprint: string | null;
}

export interface CertificateProblem {
  readonly kind: 'unreadable' | 'not-a-certificate';
  readonly message: string;
}

/** Devices pin it, so it lasts: whoever wants to renew gives a certificate of an authority. */
const years = 20;

/** The certificate of a configuration; null where the server speaks plain HTTP. */
export async function certificateOf(
  config: Pick<Config, 'tls' | 'dataFolder'>,
): Promise<Result<ServerCertificate | null, CertificateProblem>> {
  if (config.tls === 'none') return ok(null);
  return config.tls === 'made' ? ok(await madeCertificate(config.dataFolder)) : ownCertificate(config.tls);
}

/** The certificate in `files`. */
function ownCertificate(files: {
  readonly certificate: string;
  readonly key: string;
}): Result<ServerCertificate, CertificateProblem> {
  try {
    return ok(described(readFileSync(files.certificate, 'utf8'), readFileSync(files.key, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it is none.';
    return err({
      kind: error instanceof Error && 'syscall' in error ? 'unreadable' : 'not-a-certificate',
      message: `The certificate ${files.certificate} with the key ${files.key} cannot be used: ${why}`,
    });
  }
}

/** The certificate that was made for this data folder; made now where there is none. */
async function madeCertificate(folder: string): Promise<ServerCertificate> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'server-certificate.json');
  if (!existsSync(path)) {
    const made = await makeCertificate();
    // Both in one file that appears whole: a certificate without its key would be made anew, and no device knew it.
    writeFileSync(`${path}.new`, JSON.stringify(made), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
  const { certificate, key } = pairSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return described(certificate, key);
}

const pairSchema = z.object({ certificate: z.string(), key: z.string() });

async function makeCertificate(): Promise<Pick<ServerCertificate, 'certificate' | 'key'>> {
  const addresses = Object.values(networkInterfaces()).flatMap((each = []) => each.map(({ address }) => address));
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Fuelgauge server' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + years * 365.25 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...[hostname(), 'localhost'].map((value) => ({ type: 2 as const, value })),
          ...[...new Set(addresses)].map((address) => ({ type: 7 as const, ip: address.split('%', 1)[0] ?? address })),
        ],
      },
    ],
  });
  return { certificate: cert, key };
}

function described(certificate: string, key: string): ServerCertificate {
  const parsed = new X509Certificate(certificate);
  if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('the key belongs to another certificate.');
  const isSelfSigned = parsed.issuer === parsed.subject && parsed.verify(parsed.publicKey);
  const fingerprint = parsed.fingerprint256.replaceAll(':', '').toLowerCase();
  return { certificate, key, fingerprint: isSelfSigned ? fingerprint : null };
}
