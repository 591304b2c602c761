import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createUploadStore, uploadBytesMax } from '../../../replica/transfer/upload-store.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import { temporaryFolder } from './temp-file.ts';

it('puts pieces together in order, and gives the file once it is whole', () => {
  const folder = temporaryFolder();
  const store = createUploadStore(folder);
  const opened = store.open({ fileName: 'usage.csv', sizeBytes: 6 });
  assert(opened.ok, 'The upload opens.');
  expect(store.append(opened.value, Buffer.from('abc').toString('base64'))).toEqual({ ok: true, value: 3 });
  expect(store.find(opened.value)).toMatchObject({ ok: false, error: { code: 'wrong-input' } });
  expect(store.append(opened.value, Buffer.from('def').toString('base64'))).toEqual({ ok: true, value: 6 });
  const found = store.find(opened.value);
  assert(found.ok, 'The upload is whole.');
  expect(readFileSync(found.value.path, 'utf8')).toBe('abcdef');
  expect(found.value).toMatchObject({
    fileName: 'usage.csv',
    sizeBytes: 6,
    path: join(folder, 'uploads', opened.value),
  });
  expect(statSync(found.value.path).mode & 0o077).toBe(0);
  expect(store.discard(opened.value)).toBe(true);
  expect(store.discard(opened.value)).toBe(false);
  expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
});

it('refuses a file above 1 GiB, an empty one, more bytes than announced, and ids that it did not give', () => {
  const store = createUploadStore(temporaryFolder());
  expect(store.open({ fileName: 'a', sizeBytes: uploadBytesMax + 1 })).toMatchObject({
    ok: false,
    error: { code: 'wrong-input', message: 'The file is larger than 1 GiB.' },
  });
  expect(store.open({ fileName: 'a', sizeBytes: 0 })).toMatchObject({ ok: false, error: { code: 'wrong-input' } });
  const opened = store.open({ fileName: 'a', sizeBytes: 2 });
  assert(opened.ok, 'The upload opens.');
  expect(store.append(opened.value, Buffer.from('abc').toString('base64'))).toMatchObject({ ok: false });
  expect(store.append('../escape', 'YQ==')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(store.find('../../etc/passwd')).toMatchObject({ ok: false, error: { code: 'not-found' } });
});

it('removes at the start what an earlier process left, except what is to be kept', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'uploads'));
  writeFileSync(join(folder, 'uploads', 'stale'), 'x');
  writeFileSync(join(folder, 'uploads', 'resumable'), 'x');
  createUploadStore(folder, new Set(['resumable']));
  expect(readdirSync(join(folder, 'uploads'))).toEqual(['resumable']);
});
