import { describe, expect, it } from 'vitest';
import { parseMembersSearch, parseSubscriptionSearch } from '../../../renderer/hooks/route-search.ts';
import { localMomentNow } from '../../../renderer/ui/local-moment.ts';
import { decodeText, readTextFile } from '../../../renderer/ui/read-text-file.ts';

describe('files of text', () => {
  const utf16 = (text: string, bigEndian: boolean) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
  };

  it('reads UTF-8 with or without a mark, and UTF-16 as spreadsheets write it', () => {
    expect(decodeText(new TextEncoder().encode('name;rôle'))).toEqual({ ok: true, value: 'name;rôle' });
    expect(decodeText(new TextEncoder().encode('\ufeffname'))).toEqual({ ok: true, value: 'name' });
    expect(decodeText(utf16('Zoë', false))).toEqual({ ok: true, value: 'Zoë' });
    expect(decodeText(utf16('Zoë', true))).toEqual({ ok: true, value: 'Zoë' });
  });

  it('says so when bytes are no text, or too many', async () => {
    expect(decodeText(new Uint8Array([0x4e, 0xe9, 0x65]))).toEqual({ ok: false, error: { code: 'not-text' } });
    expect(await readTextFile(new Blob(['12345']), 4)).toEqual({
      ok: false,
      error: { code: 'too-large', bytesMax: 4 },
    });
  });
});

describe('addresses', () => {
  it('open a dialog that they name, and nothing else', () => {
    expect(parseSubscriptionSearch({ do: 'order', other: 1 })).toEqual({ do: 'order' });
    expect(parseSubscriptionSearch({ do: 'delete-everything' })).toEqual({});
    expect(parseMembersSearch({ do: 'add' })).toEqual({ do: 'add' });
    expect(parseMembersSearch({ do: 7 })).toEqual({});
  });
});

describe('date-time fields', () => {
  it('[K3] begin with the present minute in the zone of the workspace', () => {
    const at = Date.UTC(2026, 0, 31, 23, 5);
    expect(localMomentNow(at, 'UTC')).toBe('2026-01-31T23:05');
    expect(localMomentNow(at, 'Europe/Berlin')).toBe('2026-02-01T00:05');
  });
});
