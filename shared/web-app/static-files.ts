// The built pages of the app as a pure request → response, so that both shells serve the same bytes and headers.
import { securityHeaders, type ContentSecurityPolicyOptions } from './content-security-policy.ts';

export interface WebRequest {
  readonly method: string;
  /** Path and query as they came over the wire, not yet decoded or normalised: `/assets/app.js?v=1`. */
  readonly target: string;
}

export interface WebResponse {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** Where the built files are. */
export interface StaticFiles {
  /** `path` is relative, with `/` between its names and no `.` or `..` among them. Undefined when there is no file. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export interface StaticFileOptions extends ContentSecurityPolicyOptions {
  readonly files: StaticFiles;
}

/** Stands in index.html where the nonce of the page belongs. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const INDEX_PATH = 'index.html';

/** The bundler puts a hash of the content into every name in this folder, so what it holds never changes. */
const HASHED_FOLDER = 'assets/';

const CONTENT_TYPE_BY_EXTENSION: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/**
 * Answers a request for a page or one of its files. A path without an extension is a page of the app, which routes by
 * itself, so it gets index.html. A path that is malformed or leaves the folder is answered like a file that does not
 * exist: 404, never an error.
 */
export async function serveStaticFile(request: WebRequest, options: StaticFileOptions): Promise<WebResponse> {
  const headers = securityHeaders(options);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plainText(405, 'Method not allowed', { ...headers, allow: 'GET, HEAD' });
  }
  const path = filePath(request.target);
  const bytes = path === undefined ? undefined : await options.files.read(path);
  if (path === undefined || bytes === undefined) return plainText(404, 'Not found', headers);

  const isIndex = path === INDEX_PATH;
  const body = isIndex ? replaceAscii(bytes, NONCE_PLACEHOLDER, options.nonce) : bytes;
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': CONTENT_TYPE_BY_EXTENSION[extensionOf(path) ?? ''] ?? 'application/octet-stream',
      'content-length': String(body.length),
      'cache-control': isIndex ? 'no-store' : cacheControl(path),
    },
    body: request.method === 'HEAD' ? '' : body,
  };
}

/** The file that `target` names, relative to the folder of built files, or undefined when it names none. */
function filePath(target: string): string | undefined {
  const [rawPath = ''] = target.split(/[?#]/, 1);
  if (!rawPath.startsWith('/')) return undefined;
  const decoded = decodePath(rawPath.slice(1));
  // A back slash separates names on Windows, and a colon there names a drive or a hidden stream of a file.
  if (decoded === undefined || /[\\:\0]/.test(decoded)) return undefined;
  if (decoded === '') return INDEX_PATH;
  const names = decoded.split('/');
  // Names that begin with a dot are `.`, `..` and hidden files; an empty one comes of `//` and of a closing slash.
  if (names.some((name) => name === '' || name.startsWith('.'))) return undefined;
  return extensionOf(decoded) === undefined ? INDEX_PATH : decoded;
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function extensionOf(path: string): string | undefined {
  return /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase();
}

function cacheControl(path: string): string {
  return path.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function plainText(status: number, body: string, headers: Readonly<Record<string, string>>): WebResponse {
  return {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body,
  };
}

/** `bytes` with every occurrence of `search` replaced. Both strings are ASCII, so the text need not be decoded. */
function replaceAscii(bytes: Uint8Array, search: string, replacement: string): Uint8Array {
  const searchBytes = asciiBytes(search);
  const replacementBytes = asciiBytes(replacement);
  const result: number[] = [];
  let position = 0;
  while (position < bytes.length) {
    const found = searchBytes.every((byte, offset) => bytes[position + offset] === byte);
    if (found) {
      result.push(...replacementBytes);
      position += searchBytes.length;
    } else {
      result.push(bytes[position] ?? 0);
      position += 1;
    }
  }
  return Uint8Array.from(result);
}

function asciiBytes(text: string): readonly number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}
