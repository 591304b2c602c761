import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pathOf, routes } from '../../../shared/protocol/routes.ts';
import { signedText } from '../../../shared/protocol/signature.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('requests', () => {
  it('[Y15] what is signed is another text for every other path and body', () => {
    const texts = [
      { path: '/v1/workspaces/a/push', body: '{}' },
      { path: '/v1/workspaces/b/push', body: '{}' },
      { path: '/v1/workspaces/a/push', body: '{ }' },
    ].map((request) => signedText(request, sha256));
    expect(new Set(texts).size).toBe(3);
    expect(texts[0]).toBe(`fuelgauge\nPOST\n/v1/workspaces/a/push\n${sha256('{}')}`);
  });

  it('[Y14] a part of a path stays within its part', () => {
    expect(pathOf(routes.push, { workspaceId: 'a/../b?c' })).toBe('/v1/workspaces/a%2F..%2Fb%3Fc/push');
    expect(pathOf(routes.segment, { workspaceId: 'w', segment: '0-9' })).toBe('/v1/workspaces/w/segments/0-9');
  });
});
