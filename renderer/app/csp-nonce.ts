// Must be the first import of main.tsx: libraries that inject style tags read the nonce when they are loaded.

declare global {
  /** Where `get-nonce`, which Mantine's scroll lock uses, looks for the nonce of style tags. */
  var __webpack_nonce__: string | undefined;
}

/** The nonce of this page under which its Content-Security-Policy lets style tags in; empty where there is none. */
export const styleNonce: string = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

globalThis.__webpack_nonce__ = styleNonce;
