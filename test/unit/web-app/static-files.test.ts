import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../../shared/web-app/content-security-policy.ts';
import { serveStaticFile, type StaticFiles, type WebResponse } from '../../../shared/web-app/static-files.ts';

const NONCE = 'kX3x9m0sQ2uT5v8yB1e4Hw';

const CONTENT_BY_PATH: Readonly<Record<string, string>> = {
  'index.html': '<meta name="csp-nonce" content="__CSP_NONCE__"><p>Überblick __CSP_NONCE__</p>',
  'assets/app-a1b2.js': 'export const app = 1;',
  'icon.svg': '<svg/>',
  'data.unknown': 'bytes',
};

interface RecordingFiles extends StaticFiles {
  readonly paths: string[];
}

function recordingFiles(): RecordingFiles {
  const paths: string[] = [];
  return {
    paths,
    read(path) {
      paths.push(path);
      const content = CONTENT_BY_PATH[path];
      return Promise.resolve(content === undefined ? undefined : new TextEncoder().encode(content));
    },
  };
}

function get(target: string, method = 'GET'): Promise<WebResponse> {
  return serveStaticFile({ method, target }, { files: recordingFiles(), nonce: NONCE });
}

function text(response: WebResponse): string {
  return typeof response.body === 'string' ? response.body : new TextDecoder().decode(response.body);
}

describe('static files', () => {
  it('serves the index for the root with the nonce in it and in the policy', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
    expect(text(response)).toBe(`<meta name="csp-nonce" content="${NONCE}"><p>Überblick ${NONCE}</p>`);
    expect(response.headers['content-length']).toBe(String(new TextEncoder().encode(text(response)).length));
    expect(response.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${NONCE}'`);
  });

  it('gives a page without an extension the index, because the app routes by itself', async () => {
    for (const target of ['/ledger', '/workspaces/0190/overview?period=month', '/settings#privacy']) {
      expect(text(await get(target)), target).toContain('Überblick');
    }
  });

  it('types every file and keeps hashed ones for good', async () => {
    const script = await get('/assets/app-a1b2.js?import');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const icon = await get('/icon.svg');
    expect(icon.headers['content-type']).toBe('image/svg+xml');
    expect(icon.headers['cache-control']).toBe('no-cache');
    expect((await get('/data.unknown')).headers['content-type']).toBe('application/octet-stream');
  });

  it('answers 404 for a missing file, and not with the index', async () => {
    expect((await get('/assets/gone.js')).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets\\..\\..\\secret.txt',
    '/C:/windows/win.ini',
    '/index.html::$DATA',
    '//host/share.txt',
    '/.env',
    '/assets/.git/config.txt',
    '/secret%00.txt',
    '/%E0%A4%A.txt',
    'secret.txt',
    '',
  ])('answers 404 for %j without reading any file', async (target) => {
    const files = recordingFiles();
    const response = await serveStaticFile({ method: 'GET', target }, { files, nonce: NONCE });
    expect(response.status).toBe(404);
    expect(files.paths).toEqual([]);
  });

  it('never asks for a path that could leave the folder, whatever the target', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e',
      '%2e%2e',
      '/',
      '%2f',
      '\\',
      '%5c',
      'a',
      'a.js',
      '%00',
      ':',
      '?',
      '#',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, fc.string())), async (parts) => {
        const files = recordingFiles();
        await serveStaticFile({ method: 'GET', target: `/${parts.join('')}` }, { files, nonce: NONCE });
        for (const path of files.paths) {
          expect(path).not.toMatch(/(^|\/)\.|\\|:|\0|^\/|\/\//);
        }
      }),
    );
  });

  it('answers HEAD without a body and refuses other methods', async () => {
    const head = await get('/', 'HEAD');
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    const post = await get('/', 'POST');
    expect(post.status).toBe(405);
    expect(post.headers['allow']).toBe('GET, HEAD');
  });

  it('puts the security headers on every answer, refusals too', async () => {
    for (const target of ['/', '/assets/app-a1b2.js', '/assets/gone.js', '/..%2f']) {
      const { headers } = await get(target);
      expect(headers['x-content-type-options'], target).toBe('nosniff');
      expect(headers['cross-origin-opener-policy'], target).toBe('same-origin');
      expect(headers['content-security-policy'], target).toContain(`default-src 'none'`);
    }
  });
});

describe('content security policy', () => {
  it('allows the app itself and nothing else', () => {
    expect(contentSecurityPolicy({ nonce: NONCE, connectOrigins: ['ws://127.0.0.1:4711'] }).split('; ')).toEqual([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self' 'nonce-${NONCE}'`,
      `connect-src 'self' ws://127.0.0.1:4711`,
      `img-src 'self' data:`,
      `font-src 'self'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
    ]);
  });

  it('refuses a nonce or an origin that would add directives of its own', () => {
    expect(() => contentSecurityPolicy({ nonce: `${NONCE}'; script-src *` })).toThrow('Base64');
    expect(() => contentSecurityPolicy({ nonce: 'short' })).toThrow('Base64');
    expect(() => contentSecurityPolicy({ nonce: NONCE, connectOrigins: ['ws://a; script-src *'] })).toThrow('origin');
  });
});
