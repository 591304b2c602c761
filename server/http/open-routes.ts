// What a link opens that people send each other: a page that opens the app at the same view. It knows nothing of the
// workspace, and says the same whether there is one.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { openPath, usageLink, usagePlaceOf, type UsagePlace } from '../../shared/analytics/view-link.ts';
import type { Reply } from './reply.ts';
import { noBody, publicRoute, type Route } from './route.ts';

/** As the app writes them; what is wrong in one of them is left out. */
const shownQuery = z.object({
  period: z.unknown().optional(),
  day: z.unknown().optional(),
  q: z.unknown().optional(),
  sort: z.unknown().optional(),
  order: z.unknown().optional(),
});

const start = `${openPath}/{workspaceId}/credits-usage`;

export function openRoutes(): readonly Route[] {
  return [
    openRoute(start, 'A page that opens the usage panel in the app.', () => []),
    openRoute(`${start}/{list}`, 'A page that opens a list of use: features, teams or users.', ({ list = '' }) => [
      list,
    ]),
    openRoute(`${start}/teams/{teamId}`, 'A page that opens a team’s page of use.', ({ teamId = '' }) => [
      'teams',
      teamId,
    ]),
  ];
}

function openRoute(
  path: string,
  summary: string,
  partsOf: (parameters: Readonly<Record<string, string>>) => readonly string[],
): Route {
  return publicRoute({
    method: 'GET',
    path,
    summary,
    body: noBody,
    query: shownQuery,
    answer: z.string(),
    contentType: 'text/html; charset=utf-8',
    handle: async ({ parameters, query }) =>
      pageOf(usagePlaceOf(parameters['workspaceId'] ?? '', partsOf(parameters), query)),
  });
}

const style = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f5f8f8, #0d1416); color: light-dark(#141c1f, #d5dddf); }
  main { max-width: 34rem; margin: 12vh auto 4rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
  h1 { font-size: 1.5rem; line-height: 1.3; }
  a { display: inline-block; margin: 0.5rem 0 1.5rem; padding: 0.7rem 1.2rem; border-radius: 6px; background: #0f6473; color: #fff; font-weight: 600; text-decoration: none; }
  a:focus-visible { outline: 3px solid light-dark(#141c1f, #fff); outline-offset: 3px; }
`;

/** No script, nothing from elsewhere, no frame around it, and no address told to whoever is opened next. */
const pageHeaders = {
  'content-security-policy': [
    `default-src 'none'`,
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
} as const;

function pageOf(place: UsagePlace | null): Reply {
  return {
    kind: 'ready',
    status: place === null ? 404 : 200,
    contentType: 'text/html; charset=utf-8',
    headers: pageHeaders,
    body: place === null ? page(lost) : page(opening(usageLink(place))),
  };
}

interface Words {
  readonly title: string;
  /** As HTML. */
  readonly body: string;
}

const lost: Words = {
  title: 'This link leads nowhere',
  body: '<p>It names no view of Fuelgauge. Ask whoever sent it to copy it once more, whole.</p>',
};

function opening(link: string): Words {
  return {
    title: 'Open this view in Fuelgauge',
    body: `
      <p>Somebody sent you a view of how AI credits are used. It opens in the app, for who may see it.</p>
      <p><a href="${escaped(link)}">Open in Fuelgauge</a></p>
      <p>Nothing opens? Then Fuelgauge is not installed on this computer. Ask whoever runs this server for the app and
      for an invite, choose <em>Connect to a server</em> in it, and come back to this page.</p>
      <p>This page knows nothing of the view: what you may see is decided when it opens.</p>`,
  };
}

function page({ title, body }: Words): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Fuelgauge</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
