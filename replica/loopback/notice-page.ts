// A plain page for a person whose browser may not see the app: no script, no style, one sentence that helps.
import { securityHeaders } from '../../shared/web-app/content-security-policy.ts';
import type { WebResponse } from '../../shared/web-app/static-files.ts';

export interface Notice {
  readonly status: number;
  readonly title: string;
  /** Plain text; one paragraph each. */
  readonly paragraphs: readonly string[];
}

export function noticePage({ status, title, paragraphs }: Notice, nonce: string): WebResponse {
  const text = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('');
  return {
    status,
    headers: {
      ...securityHeaders({ nonce }),
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    },
    body:
      `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
      `<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">` +
      `<title>${escapeHtml(title)} – Fuelgauge</title></head>` +
      `<body><main><h1>${escapeHtml(title)}</h1>${text}</main></body></html>`,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
