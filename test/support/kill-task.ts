/** What a worker that is going to be killed is asked to do. */
export type KillTask = { readonly dataDir: string; readonly workspaceId: string } & (
  | { readonly kind: 'appends' | 'rebuilds' | 'backups' | 'migration' | 'alerts' }
  | { readonly kind: 'import'; readonly rows: number }
  | { readonly kind: 'restore'; readonly file: string }
  /** With a server; under the clock of this computer, as that is. */
  | { readonly kind: 'sync'; readonly now: string }
  | { readonly kind: 'first-pull'; readonly now: string; readonly invite: string }
);

/** Lines of the bulks that are written between single uses. */
export const bulkLines = 60;
