// The page that a link of a view of use opens: static, and the same for everybody.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOfLink } from '../../electron/deep-link.ts';
import { makeTestServer } from '../support/test-server.ts';

let test: Awaited<ReturnType<typeof makeTestServer>>;
const workspace = '0199f3a1-0000-7000-8000-000000000001';

beforeAll(async () => {
  test = await makeTestServer();
});

afterAll(() => test.drop());

const get = (path: string) => fetch(new URL(path, test.server.address));

/** The link of the page's button, as a browser reads it. */
function linkIn(html: string): string {
  return /<a href="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
}

describe('a link to a view of use', () => {
  it.each([
    ['', ''],
    ['/features?period=week&day=2026-03-02', '/features?period=week&day=2026-03-02'],
    ['/users?q=Ann+%26+%22Ben%22&sort=name&order=up&evil=1', '/users?q=Ann+%26+%22Ben%22&sort=name&order=up'],
    ['/teams/design?period=month', '/teams/design?period=month'],
    ['/teams?period=nonsense&sort=credits', '/teams'],
  ])('[A4] opens the app at the same view: %s', async (asked, opened) => {
    const answer = await get(`/open/${workspace}/credits-usage${asked}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(placeOfLink(linkIn(await answer.text()))).toBe(`/w/${workspace}/credits-usage${opened}`);
  });

  it('is a page without scripts, which loads nothing and is kept by nobody', async () => {
    const answer = await get(`/open/${workspace}/credits-usage/users?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E`);
    const html = await answer.text();
    const style = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? '';
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(html).not.toMatch(/<script|<img|<link|src=|@import|url\(/);
    expect(html).not.toContain('alert(1)<');
    expect(placeOfLink(linkIn(html))).toContain('/credits-usage/users?q=');
  });

  it('says the same whether there is such a workspace', async () => {
    const { admin } = test;
    const own = '0199f3a1-0000-7000-8000-0000000000aa';
    const published = await admin.send('POST', '/v1/workspaces', { id: own, name: 'Ours' });
    expect(published.status).toBe(200);
    const [known, unknown] = await Promise.all([
      get(`/open/${own}/credits-usage`).then((answer) => answer.text()),
      get(`/open/${workspace}/credits-usage`).then((answer) => answer.text()),
    ]);
    expect(known.replaceAll(own, workspace)).toBe(unknown);
    expect(known).not.toContain('Ours');
  });

  it.each([
    `/open/nonsense/credits-usage`,
    `/open/${workspace}/credits-usage/nonsense`,
    `/open/${workspace}/credits-usage/teams/a%2Fb`,
  ])('leads nowhere in words where it names no view: %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    const html = await answer.text();
    expect(html).toContain('This link leads nowhere');
    expect(linkIn(html)).toBe('');
    expect(answer.headers.get('content-security-policy')).toContain(`default-src 'none'`);
  });

  it('is opened only so often from one address', async () => {
    const limited = await makeTestServer({
      config: { requestsPerAddressPerMinute: 10 },
    });
    const statuses: number[] = [];
    for (let each = 0; each < 14; each += 1) {
      const path = `/open/${workspace}/credits-usage`;
      statuses.push((await fetch(new URL(path, limited.server.address))).status);
    }
    await limited.drop();
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
  });
});
